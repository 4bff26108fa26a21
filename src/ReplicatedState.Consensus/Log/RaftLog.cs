namespace ReplicatedState.Consensus;

/// <summary>The log as the core sees it: what has been handed over to be persisted, and behind it what has not been taken yet.</summary>
internal sealed class RaftLog
{
    private readonly ILogReader _reader;
    private readonly List<Entry> _pending = [];
    private readonly Entry[] _one = new Entry[1];

    /// <summary>The last index that is to be read from <see cref="_reader"/>; the pending entries follow it.</summary>
    private ulong _handedLast;
    private ulong? _truncateFrom;
    private SnapshotMeta? _pendingSnapshot;

    public RaftLog(ILogReader reader)
    {
        _reader = reader;
        _handedLast = reader.LastIndex;
        Invariant.Holds(reader.FirstIndex == reader.Base.Index + 1, "the log begins right above its base");
        Invariant.Holds(reader.LastIndex >= reader.Base.Index, "the log doesn't end below its base");
        Invariant.Holds(reader.LastIndex >= reader.Snapshot.Index, "the log reaches at least to its snapshot");
        Last = new LogPosition(_handedLast, reader.TermAt(_handedLast));
        LastLogTimeMs = LogTimeAt(_handedLast);
    }

    public LogPosition Last { get; private set; }

    public long LastLogTimeMs { get; private set; }

    public ulong FirstIndex => _pendingSnapshot is { } snapshot ? snapshot.Index + 1 : _reader.FirstIndex;

    public LogPosition Base => _pendingSnapshot?.Position ?? _reader.Base;

    public SnapshotMeta Snapshot => _pendingSnapshot ?? _reader.Snapshot;

    /// <summary>Something waits to be handed over.</summary>
    public bool HasPending => _pending.Count > 0 || _truncateFrom is not null || _pendingSnapshot is not null;

    /// <summary>A snapshot waits to be handed over that replaces everything.</summary>
    public bool IsReplacementPending => _pendingSnapshot is not null;

    /// <summary>The lowest index that a truncation which has not been handed over removes.</summary>
    public ulong? PendingTruncation => _truncateFrom;

    public bool TryTermAt(ulong index, out ulong term)
    {
        term = 0;
        if (index < Base.Index || index > Last.Index)
            return false;
        term = TermAt(index);
        return true;
    }

    public ulong TermAt(ulong index)
    {
        if (index == Last.Index)
            return Last.Term;
        if (index > _handedLast)
            return _pending[(int)(index - _handedLast - 1)].Term;
        return _pendingSnapshot is { } snapshot && index == snapshot.Index ? snapshot.Term : _reader.TermAt(index);
    }

    public bool Holds(LogPosition position) => TryTermAt(position.Index, out ulong term) && term == position.Term;

    /// <summary>Copies entries from an index on, as <see cref="ILogReader.Read"/> does.</summary>
    public int Read(ulong from, Span<Entry> into, long bytesMax)
    {
        int count = 0;
        long bytes = 0;
        if (from <= _handedLast)
        {
            int stored = (int)Math.Min((ulong)into.Length, _handedLast - from + 1);
            count = _reader.Read(from, into[..stored], bytesMax);
            Invariant.Holds(count > 0, "the log holds every entry from its first to its last");
            for (int i = 0; i < count; i++)
                bytes += into[i].SizeBytes;
            if (count < stored)
                return count;
        }

        while (count < into.Length && from + (ulong)count <= Last.Index)
        {
            Entry entry = _pending[(int)(from + (ulong)count - _handedLast - 1)];
            bytes += entry.SizeBytes;
            if (count > 0 && bytes > bytesMax)
                break;
            into[count++] = entry;
        }

        return count;
    }

    /// <summary>Adds an entry at the end and takes a reference to it.</summary>
    public void Append(in Entry entry)
    {
        Invariant.Holds(entry.Index == Last.Index + 1, "entries are appended without a gap");
        Invariant.Holds(entry.Term >= Last.Term, "terms in the log never decrease");
        entry.Retain();
        _pending.Add(entry);
        Last = entry.Position;
        LastLogTimeMs = entry.LogTimeMs;
    }

    /// <summary>Removes the entries from an index up.</summary>
    public void TruncateFrom(ulong index)
    {
        Invariant.Holds(index > Base.Index && index <= Last.Index, "a truncation removes entries that the log holds");
        for (int i = _pending.Count - 1; i >= 0 && _pending[i].Index >= index; i--)
        {
            _pending[i].Release();
            _pending.RemoveAt(i);
        }

        if (index <= _handedLast)
        {
            _truncateFrom = _truncateFrom is { } lower ? Math.Min(lower, index) : index;
            _handedLast = index - 1;
        }

        ulong last = index - 1;
        ulong term = last > _handedLast ? _pending[^1].Term : last == Base.Index ? Base.Term : _reader.TermAt(last);
        Last = new LogPosition(last, term);
        LastLogTimeMs = LogTimeAt(last);
    }

    /// <summary>Replaces the whole log by a snapshot.</summary>
    public void ResetTo(SnapshotMeta snapshot)
    {
        foreach (Entry entry in _pending)
            entry.Release();
        _pending.Clear();
        _truncateFrom = null;
        _pendingSnapshot = snapshot;
        _handedLast = snapshot.Index;
        Last = snapshot.Position;
        LastLogTimeMs = snapshot.LogTimeMs;
    }

    /// <summary>Moves what is pending into an operation; the references go with the entries.</summary>
    public void HandOver(Persist operation)
    {
        operation.TruncateFrom = _truncateFrom;
        operation.Snapshot = _pendingSnapshot;
        operation.Entries.AddRange(_pending);
        _pending.Clear();
        _truncateFrom = null;
        _pendingSnapshot = null;
        _handedLast = Last.Index;
    }

    private long LogTimeAt(ulong index)
    {
        if (index > _handedLast)
            return _pending[(int)(index - _handedLast - 1)].LogTimeMs;
        if (index == Snapshot.Index)
            return Snapshot.LogTimeMs;
        int read = _reader.Read(index, _one, long.MaxValue);
        Invariant.Holds(read == 1, "the log's last entry can be read");
        long time = _one[0].LogTimeMs;
        _one[0] = default;
        return time;
    }
}
