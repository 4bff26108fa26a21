namespace ReplicatedState.Testing.NodeLevel;

/// <summary>One of the next writes or syncs fails with an I/O error. The node has to stop itself at once; it is started again when the disk is repaired.</summary>
internal sealed class DiskFailureFault : NodeFault
{
    public override FaultKind Kind => FaultKind.DiskFailure;

    public override byte Code => 13;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 3_000_000, 8_000_000));

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            NodeSimulation.Repair(station.Disk);
    }

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        if (station.Trouble.Damage is not null)
            return;
        if (Random.Chance(500))
            station.Disk.FailWriteAt = station.Disk.Writes + Random.Between(1, 30);
        else
            station.Disk.FailSyncAt = station.Disk.Syncs + Random.Between(1, 15);
    }
}
