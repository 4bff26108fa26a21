namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A disk takes up to half a second for a sync, for a while.</summary>
internal sealed class SlowDiskFault : NodeFault
{
    public override FaultKind Kind => FaultKind.SlowDisk;

    public override byte Code => 15;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 5_000_000));

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            station.Trouble.SlowUntilUs = 0;
    }

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        Simulation.Counts.Add(SimulatedFault.SlowDisk);
        station.Trouble.SlowUntilUs = Simulation.Clock.NowUs + Random.Between(300_000, 4_000_000);
    }
}
