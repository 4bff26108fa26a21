using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>One disk no longer holds what was synced to it. No algorithm here survives that; the node has to notice, and the others go on without it.</summary>
internal sealed class DiskDamageFault : NodeFault
{
    internal const string LogPath = "/data/raft";
    private const byte RestartDamaged = 1;

    public override FaultKind Kind => FaultKind.DiskDamage;

    public override byte Code => 21;

    protected override bool Recurs => false;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 0, random.Between(5_000_000, 25_000_000)), random.Chance(500) ? 1 : 0);

    public override void Begin()
    {
        if (Setting.Value > 0)
            PlanStep(Setting.Value, step: 0);
    }

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        if (Simulation.Options.Nodes < 3 || !Simulation.Options.UsesJournal)
            return;
        if (!station.IsUp || station.Trouble.IsStopping || station.Node!.Status.Syncs < 10)
        {
            PlanStep(500_000, step: 0);
            return;
        }

        station.Disk.CutPowerAt = null;
        NodeSimulation.Repair(station.Disk);
        if (Setting.Detail > 0)
        {
            station.Trouble.Damage = SimulatedFault.MisdirectedWrite;
            station.Disk.MisdirectWriteUnder = LogPath;
            PlanStep(Random.Between(300_000, 3_000_000), RestartDamaged, station.Number);
            return;
        }

        Simulation.Crash(station);
        station.Disk.PowerOn();
        if (FlipSyncedBit(station.Disk, Random))
            station.Trouble.Damage = SimulatedFault.FlippedBit;
    }

    /// <summary>Once more has been synced behind the write that went elsewhere, a start can tell the hole from a torn end. Before, it can't.</summary>
    protected override void GoOn(in NodeEvent e)
    {
        SimulatedStation station = Simulation.Stations[e.Node];
        StationTrouble trouble = station.Trouble;
        if (trouble.Damage is null || !station.IsUp || trouble.IsStopping)
            return;
        if (trouble.SyncsAtDamage is { } syncs && station.Node!.Status.Syncs >= syncs + 2)
            Simulation.Crash(station);
        else
            PlanStep(300_000, RestartDamaged, station.Number);
    }

    /// <summary>
    /// Flips a bit that lies before the last batch of a segment, the newest that has more than one; false where there is none. Only a head that is whole proves that what stands before it was synced: damage of the last
    /// batch, and of what a torn head follows, can't be told from a torn end.
    /// </summary>
    internal static bool FlipSyncedBit(SimulatedDisk disk, SeededRandom random)
    {
        foreach (string name in disk.ListFiles(LogPath).Reverse())
        {
            string path = $"{LogPath}/{name}";
            byte[] bytes;
            using (IStorageFile file = disk.Open(path, FileOpenMode.Existing))
            {
                bytes = new byte[file.Length];
                file.Read(0, bytes);
            }

            if (JournalSegment.TryParseName(name, out ulong number) && LastBatchIn(bytes, number) is var end and > 0)
            {
                disk.FlipBit(path, random.Between(0, end - 1), random.Between(0, 7));
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the last whole head of a batch stands; 0 where there is none behind the segment's start.</summary>
    private static int LastBatchIn(ReadOnlySpan<byte> segment, ulong number)
    {
        for (int at = (segment.Length - JournalRecord.HeaderBytes) & -JournalRecord.Alignment; at > 0; at -= JournalRecord.Alignment)
        {
            if (JournalRecord.TryRead(segment[at..], number, at, batch: 0, out JournalRecord record, out _) && record.Type == JournalRecordType.Batch)
                return at;
        }

        return 0;
    }
}
