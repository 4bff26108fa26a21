namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A node is stopped for a while, as by its operating system; what would have happened to it happens when it runs again.</summary>
internal sealed class PauseFault : NodeFault
{
    public override FaultKind Kind => FaultKind.Pause;

    public override byte Code => 11;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 3_000_000));

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            station.PausedUntilUs = Math.Min(station.PausedUntilUs, Simulation.Clock.NowUs);
    }

    protected override void Strike()
    {
        int us = Random.Between(10_000, 3_000_000);
        Simulation.Counts.Add(us > Simulation.Options.ElectionMsMax * 1000 ? SimulatedFault.LongPause : SimulatedFault.ShortPause);
        Simulation.AnyStation(Random).PausedUntilUs = Simulation.Clock.NowUs + us;
    }
}
