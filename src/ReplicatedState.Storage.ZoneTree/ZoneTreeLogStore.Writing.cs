using ReplicatedState.Consensus;

namespace ReplicatedState.Storage.ZoneTree;

// How an operation becomes rows. The order of the rows is the order in the journal, and a crash leaves a prefix of it.
public sealed partial class ZoneTreeLogStore
{
    /// <summary>Bytes of the journal and of memory that a row costs beyond key and value, roughly.</summary>
    private const int RowOverheadBytes = 72;

    private GroupLog FindOrAdd(GroupId group)
    {
        if (_groups.TryGetValue(group, out GroupLog? log))
            return log;
        int slot = _slotsUsed + 1;
        if (slot >= LogKey.SlotsMax)
            throw new StorageFailedException($"A node holds at most {LogKey.SlotsMax - 1} groups, and group {group} is one more: {_directory}.");
        long key = LogKey.Row(slot, RecordType.Slot);
        Put(key, LogRecord.OfSlot(key, group));
        _slotsUsed = slot;
        log = new GroupLog(group, slot);
        _groups[group] = log;
        return log;
    }

    private void WriteHardState(GroupLog log, HardState state)
    {
        long key = LogKey.Row(log.Slot, RecordType.HardState);
        Put(key, LogRecord.OfHardState(key, state));
        log.HardState = state;
    }

    private void Append(GroupLog log, in Entry entry)
    {
        Invariant.Holds(entry.Index == log.LastIndex + 1, "entries are written without gaps");
        long key = LogKey.Entry(log.Slot, entry.Index);
        Put(key, LogRecord.OfEntry(key, entry));
        log.LastIndex = entry.Index;
    }

    private void Truncate(GroupLog log, ulong from)
    {
        Invariant.Holds(from > log.Base.Index, "what compaction gave up is not truncated");
        ulong last = log.LastIndex;
        log.LastIndex = Math.Min(last, from - 1);
        for (ulong index = last; index >= from; index--)
            Put(LogKey.Entry(log.Slot, index), LogRecord.Deleted);
    }

    /// <summary>
    /// The rows above the snapshot go first: they belong to another history, and must never be found above the new base. Until the base moves, a crash leaves the old log without that
    /// suffix, which nobody has counted on, because a snapshot that conflicts with it was committed without it.
    /// </summary>
    private void Replace(GroupLog log, SnapshotMeta snapshot)
    {
        Invariant.Holds(snapshot.Index > log.Base.Index || log.LastIndex == log.Base.Index, "a snapshot doesn't take the log back");
        if (log.LastIndex > snapshot.Index)
            Truncate(log, snapshot.Index + 1);
        MoveBase(log, snapshot.Position, snapshot);
        log.LastIndex = snapshot.Index;
        _compactedSinceMerge = true;
    }

    private void MoveBase(GroupLog log, LogPosition newBase, SnapshotMeta snapshot)
    {
        log.Base = newBase;
        log.Snapshot = snapshot;
        WriteAnchor(log);
        _unpublished.Add(log);
    }

    private void WriteAnchor(GroupLog log)
    {
        long key = LogKey.Row(log.Slot, RecordType.Anchor);
        Put(key, LogRecord.OfAnchor(key, log.Base, log.Snapshot));
    }

    private void Put(long key, byte[] record)
    {
        _tree.Upsert(key, record);
        _segmentBytes += record.Length + RowOverheadBytes;
    }
}
