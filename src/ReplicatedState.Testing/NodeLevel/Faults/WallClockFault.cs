namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A wall clock steps, or stands still for a while.</summary>
internal sealed class WallClockFault : NodeFault
{
    public override FaultKind Kind => FaultKind.WallClock;

    public override byte Code => 18;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 3_000_000));

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            station.Clock.Correct();
    }

    protected override void Strike()
    {
        StationClock clock = Simulation.AnyStation(Random).Clock;
        if (Random.Chance(300))
        {
            Simulation.Counts.Add(SimulatedFault.ClockFreeze);
            clock.FreezeWall(Random.Between(50_000, 5_000_000));
            return;
        }

        Simulation.Counts.Add(SimulatedFault.ClockStep);
        clock.Step(Random.OneOf(-3_600_000, -5_000, -300, 300, 5_000, 3_600_000));
    }
}
