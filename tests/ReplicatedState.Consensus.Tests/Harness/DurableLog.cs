namespace ReplicatedState.Consensus.Tests.Harness;

/// <summary>A log that a crash can be asked about: what was handed over, and what of it was synced.</summary>
internal sealed class DurableLog : ILogReader
{
    private List<Entry> _entries = [];
    private LogPosition _base;

    public SnapshotMeta Snapshot { get; private set; } = SnapshotMeta.None;

    public ulong FirstIndex => _base.Index + 1;

    public ulong LastIndex => _base.Index + (ulong)_entries.Count;

    public LogPosition Base => _base;

    public HardState HardState { get; private set; }

    public DurableLog Clone() => new() { _entries = [.. _entries], _base = _base, Snapshot = Snapshot, HardState = HardState };

    public ulong TermAt(ulong index)
    {
        if (index == _base.Index)
            return _base.Term;
        if (index < _base.Index || index > LastIndex)
            throw new LogReadException($"index {index} is not in the log ({_base.Index}, {LastIndex}]");
        return this[index].Term;
    }

    public Entry this[ulong index] => _entries[(int)(index - _base.Index - 1)];

    public int Read(ulong from, Span<Entry> into, long bytesMax)
    {
        int count = 0;
        long bytes = 0;
        while (count < into.Length && from + (ulong)count <= LastIndex)
        {
            Entry entry = this[from + (ulong)count];
            bytes += entry.SizeBytes;
            if (count > 0 && bytes > bytesMax)
                break;
            into[count++] = entry;
        }

        return count;
    }

    /// <summary>Carries an operation out, as an executor and its disk would.</summary>
    public void Write(Persist operation)
    {
        if (operation.Snapshot is { } snapshot)
        {
            Snapshot = snapshot;
            _base = snapshot.Position;
            _entries.Clear();
        }

        if (operation.TruncateFrom is { } from)
            _entries.RemoveRange((int)(from - _base.Index - 1), _entries.Count - (int)(from - _base.Index - 1));
        foreach (Entry entry in operation.Entries)
        {
            Assert.Equal(LastIndex + 1, entry.Index);
            _entries.Add(entry);
        }

        HardState = operation.HardState ?? HardState;
    }

    /// <summary>Carries out the first part of an operation only. As a store does it, the commit index is cut to the entries that are there.</summary>
    public void WriteHardState(Persist operation)
    {
        if (operation.HardState is { } hardState)
            HardState = hardState with { Commit = Math.Min(hardState.Commit, LastIndex) };
    }

    /// <summary>Takes a snapshot at an index and drops the entries up to it.</summary>
    public void CompactTo(ulong index, Configuration configuration, ulong configIndex)
    {
        Snapshot = new SnapshotMeta(index, TermAt(index), configuration, configIndex, this[index].LogTimeMs);
        _entries.RemoveRange(0, (int)(index - _base.Index));
        _base = Snapshot.Position;
    }

    public static DurableLog FormedWith(Configuration configuration)
    {
        var log = new DurableLog();
        var operation = new Persist { HardState = new HardState(1, RaftId.None, 1) };
        operation.Entries.Add(new Entry(1, 1, EntryKind.Config, 1, Payload.Of(ConfigurationCodec.Encode(configuration))));
        log.Write(operation);
        return log;
    }
}
