using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>A log store for tests and for nodes that may forget: what it holds ends with the process.</summary>
public sealed class MemoryLogStore : ILogStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<GroupId, Log> _logs = [];
    private bool _disposed;

    /// <inheritdoc/>
    public IReadOnlyList<GroupId> Groups
    {
        get
        {
            lock (_gate)
                return [.. _logs.Keys];
        }
    }

    /// <inheritdoc/>
    public StoredGroup Load(GroupId group)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _logs.TryGetValue(group, out Log? log) ? new StoredGroup(log.HardState, log.Base, log.LastIndex, log.Snapshot) : StoredGroup.Empty;
        }
    }

    /// <inheritdoc/>
    public void Write(GroupId group, Persist operation)
    {
        lock (_gate)
        {
            Log log = ForWriting(group);
            if (operation.HardState is { } hardState)
                log.HardState = hardState;
            if (operation.TruncateFrom is { } from)
                log.Truncate(from);
            if (operation.Snapshot is { } snapshot)
                log.Replace(snapshot);
            foreach (Entry entry in operation.Entries)
                log.Append(entry);
        }
    }

    /// <inheritdoc/>
    public void Sync() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <inheritdoc/>
    public void Compact(GroupId group, LogPosition newBase)
    {
        lock (_gate)
            ForWriting(group).Compact(newBase);
    }

    /// <inheritdoc/>
    public void SetSnapshot(GroupId group, SnapshotMeta snapshot)
    {
        lock (_gate)
            ForWriting(group).SetSnapshot(snapshot);
    }

    /// <inheritdoc/>
    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax)
    {
        lock (_gate)
            return ForReading(group).Read(from, into, bytesMax);
    }

    /// <inheritdoc/>
    public ulong TermAt(GroupId group, ulong index)
    {
        lock (_gate)
            return ForReading(group).TermAt(index);
    }

    /// <inheritdoc/>
    public bool Maintain() => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
    }

    private Log ForWriting(GroupId group)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_logs.TryGetValue(group, out Log? log))
            _logs.Add(group, log = new Log(group));
        return log;
    }

    private Log ForReading(GroupId group)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _logs.TryGetValue(group, out Log? log) ? log : new Log(group);
    }

    private sealed class Log(GroupId group)
    {
        private readonly List<Entry> _entries = [];

        public HardState HardState { get; set; }

        public LogPosition Base { get; private set; }

        public SnapshotMeta Snapshot { get; private set; } = SnapshotMeta.None;

        public ulong LastIndex => Base.Index + (ulong)_entries.Count;

        public void Append(in Entry entry)
        {
            Invariant.Holds(entry.Index == LastIndex + 1, "entries are written without gaps");
            _entries.Add(new Entry(entry.Index, entry.Term, entry.Kind, entry.LogTimeMs, Payload.Of(entry.Payload.Span.ToArray())));
        }

        public void Truncate(ulong from)
        {
            Invariant.Holds(from > Base.Index, "what compaction gave up is not truncated");
            if (from <= LastIndex)
                _entries.RemoveRange((int)(from - Base.Index - 1), (int)(LastIndex - from + 1));
        }

        public void Replace(SnapshotMeta snapshot)
        {
            Snapshot = snapshot;
            Base = snapshot.Position;
            _entries.Clear();
        }

        public void SetSnapshot(SnapshotMeta snapshot)
        {
            Invariant.Holds(snapshot.Index >= Snapshot.Index && snapshot.Index <= LastIndex, "a snapshot covers entries of the log, and not fewer of them than the one before");
            Snapshot = snapshot;
        }

        public void Compact(LogPosition newBase)
        {
            if (newBase.Index <= Base.Index)
                return;
            Invariant.Holds(newBase.Index <= Snapshot.Index, "only what a snapshot covers is given up");
            Invariant.Holds(TermAt(newBase.Index) == newBase.Term, "the new base is an entry of the log");
            _entries.RemoveRange(0, (int)(newBase.Index - Base.Index));
            Base = newBase;
        }

        public ulong TermAt(ulong index)
        {
            if (index == Base.Index)
                return Base.Term;
            return index > Base.Index && index <= LastIndex ? _entries[(int)(index - Base.Index - 1)].Term : throw OutOfRange(index);
        }

        public int Read(ulong from, Span<Entry> into, long bytesMax)
        {
            if (from <= Base.Index || from > LastIndex + 1)
                throw OutOfRange(from);
            int count = 0;
            long bytes = 0;
            for (int at = (int)(from - Base.Index - 1); at < _entries.Count && count < into.Length; at++)
            {
                bytes += _entries[at].SizeBytes;
                if (count > 0 && bytes > bytesMax)
                    break;
                into[count++] = _entries[at];
            }

            return count;
        }

        private LogReadException OutOfRange(ulong index) =>
            new($"Group {group} holds no entry {index}: its entries are {Base.Index + 1} to {LastIndex}.");
    }
}
