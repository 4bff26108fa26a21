namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A node loses power: between two turns, or in the middle of one, instead of one of the next few operations on the disk.</summary>
internal sealed class PowerCutFault : NodeFault
{
    public override FaultKind Kind => FaultKind.PowerCut;

    public override byte Code => 6;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 1_500_000, 5_000_000));

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            station.Disk.CutPowerAt = null;
    }

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        if (!station.IsUp || station.Trouble.Damage is not null)
            return;
        if (Random.Chance(500))
        {
            station.Disk.CutPowerAt = station.Disk.Operations + Random.Between(1, 20);
            return;
        }

        Simulation.Counts.Add(SimulatedFault.PowerCut);
        Simulation.Crash(station);
    }
}
