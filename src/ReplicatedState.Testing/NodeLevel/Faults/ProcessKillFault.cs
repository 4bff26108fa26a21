namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A node's process is killed; what it had written stays in the cache of the machine.</summary>
internal sealed class ProcessKillFault : NodeFault
{
    public override FaultKind Kind => FaultKind.ProcessKill;

    public override byte Code => 12;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 4_000_000));

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        if (!station.IsUp || station.Trouble.Damage is not null)
            return;
        Simulation.Counts.Add(SimulatedFault.ProcessKilled);
        Simulation.Kill(station);
    }
}
