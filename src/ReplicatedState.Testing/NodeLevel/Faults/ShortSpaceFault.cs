namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A disk is nearly full for a while: from a little above the mark at which nodes refuse writes down to nothing.</summary>
internal sealed class ShortSpaceFault : NodeFault
{
    private const byte SpaceBack = 1;

    public override FaultKind Kind => FaultKind.ShortSpace;

    public override byte Code => 16;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 6_000_000), random.OneOf(0, 32 * 1024, 128 * 1024));

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            station.Disk.CapacityBytes = long.MaxValue;
    }

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        if (station.Trouble.Damage is not null)
            return;
        station.Disk.CapacityBytes = station.Disk.UsedBytes + Random.Between(0, 16 * 1024 + Setting.Detail);
        PlanStep(Random.Between(500_000, 5_000_000), SpaceBack, station.Number);
    }

    protected override void GoOn(in NodeEvent e) => Simulation.Stations[e.Node].Disk.CapacityBytes = long.MaxValue;
}
