using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Replication;

/// <summary>One group's log as its shard sees it: the newest entries in a ring of memory, the older ones in the store.</summary>
/// <remarks>
/// Shows an operation from the moment that it was taken, durable or not: what is not written yet is always in the ring. Owned by the shard's thread; only
/// the store behind it is shared with the storage thread.
/// </remarks>
internal sealed class GroupLog : ILogReader
{
    private readonly GroupId _group;
    private readonly ILogStore _store;
    private readonly int _entriesMax;
    private readonly long _bytesMax;
    private Entry[] _ring = new Entry[64];
    private ulong _cachedFirst;
    private long _cachedBytes;
    private ulong _written;
    private ulong _rewriteToken;

    public GroupLog(GroupId group, ILogStore store, StoredGroup stored, int entriesMax, long bytesMax)
    {
        _group = group;
        _store = store;
        _entriesMax = entriesMax;
        _bytesMax = bytesMax;
        Base = stored.Base;
        LastIndex = stored.LastIndex;
        Snapshot = stored.Snapshot;
        _cachedFirst = LastIndex + 1;
        _written = LastIndex;
    }

    public ulong FirstIndex => Base.Index + 1;

    public ulong LastIndex { get; private set; }

    public LogPosition Base { get; private set; }

    public SnapshotMeta Snapshot { get; private set; }

    /// <summary>Entries in memory now.</summary>
    public int CachedEntries => (int)(LastIndex + 1 - _cachedFirst);

    /// <summary>What they count in byte limits.</summary>
    public long CachedBytes => _cachedBytes;

    private bool IsOverLimit => CachedEntries > _entriesMax || _cachedBytes > _bytesMax;

    public ulong TermAt(ulong index)
    {
        if (index >= _cachedFirst && index <= LastIndex)
            return Slot(index).Term;
        if (index == Base.Index)
            return Base.Term;
        return index > Base.Index && index <= LastIndex ? _store.TermAt(_group, index) : throw OutOfRange(index);
    }

    public int Read(ulong from, Span<Entry> into, long bytesMax)
    {
        if (from < FirstIndex || from > LastIndex + 1)
            throw OutOfRange(from);
        int count = 0;
        if (from < _cachedFirst)
        {
            // The store may hold a suffix that a truncation on its way will remove: what the ring holds is never asked of it.
            int stored = (int)Math.Min((ulong)into.Length, _cachedFirst - from);
            count = _store.Read(_group, from, into[..stored], bytesMax);
            if (count < stored)
                return count;
            foreach (ref readonly Entry entry in into[..count])
                bytesMax -= entry.SizeBytes;
        }

        for (ulong index = from + (ulong)count; index <= LastIndex && count < into.Length; index++)
        {
            ref readonly Entry entry = ref Slot(index);
            bytesMax -= entry.SizeBytes;
            if (bytesMax < 0 && count > 0)
                break;
            into[count++] = entry;
        }

        return count;
    }

    /// <summary>Takes in what an operation does to the log. Holds a reference of its own to each entry that it keeps.</summary>
    public void Take(Persist operation)
    {
        if (operation.TruncateFrom is { } from)
            Truncate(from, operation.Token);
        if (operation.Snapshot is { } snapshot)
            Replace(snapshot, operation.Token);
        foreach (Entry entry in operation.Entries)
            Append(entry);
    }

    /// <summary>The operation with this token, which left the log ending at <paramref name="last"/>, is in the store.</summary>
    public void OnWritten(ulong token, ulong last)
    {
        // What an operation wrote before a rewrite was taken says nothing of what the store holds after it.
        if (token < _rewriteToken)
            return;
        _written = Math.Min(last, LastIndex);
    }

    /// <summary>A snapshot of the own state is durable.</summary>
    public void SetSnapshot(SnapshotMeta snapshot)
    {
        Snapshot = snapshot;
        // Its record follows what it covers in the same queue. Of a group's first entry nobody was told that it is written.
        _written = Math.Max(_written, Math.Min(snapshot.Index, LastIndex));
    }

    /// <summary>Gives up everything up to and including a position.</summary>
    public void Compact(LogPosition newBase)
    {
        Invariant.Holds(newBase.Index <= Snapshot.Index, "only what a snapshot covers is given up");
        Invariant.Holds(newBase.Index >= Base.Index && newBase.Index <= _written, "only what is written is given up, and once");
        Base = newBase;
    }

    /// <summary>Forgets the oldest entries beyond the limits, as far as the store has them. Called when no message refers to the log's entries.</summary>
    public void Trim()
    {
        while (_cachedFirst <= LastIndex && (_cachedFirst <= Base.Index || (IsOverLimit && _cachedFirst <= _written)))
            DropFirst();
    }

    /// <summary>Lets go of all entries.</summary>
    public void Close()
    {
        while (_cachedFirst <= LastIndex)
            DropFirst();
    }

    private void Append(in Entry entry)
    {
        Invariant.Holds(entry.Index == LastIndex + 1, "entries are appended without gaps");
        if (CachedEntries == _ring.Length)
            Grow();
        entry.Retain();
        LastIndex++;
        Slot(LastIndex) = entry;
        _cachedBytes += entry.SizeBytes;
    }

    private void Truncate(ulong from, ulong token)
    {
        Invariant.Holds(from > Base.Index, "what compaction gave up is not truncated");
        while (LastIndex >= from && LastIndex >= _cachedFirst)
            DropLast();
        if (LastIndex >= from)
        {
            LastIndex = from - 1;
            _cachedFirst = from;
        }

        _written = Math.Min(_written, from - 1);
        _rewriteToken = token;
    }

    private void Replace(SnapshotMeta snapshot, ulong token)
    {
        Close();
        Base = snapshot.Position;
        Snapshot = snapshot;
        LastIndex = snapshot.Index;
        _cachedFirst = LastIndex + 1;
        _written = LastIndex;
        _rewriteToken = token;
    }

    private void DropFirst()
    {
        ref Entry slot = ref Slot(_cachedFirst++);
        Drop(ref slot);
    }

    private void DropLast()
    {
        ref Entry slot = ref Slot(LastIndex--);
        Drop(ref slot);
    }

    private void Drop(ref Entry slot)
    {
        _cachedBytes -= slot.SizeBytes;
        slot.Release();
        slot = default;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (ulong index = _cachedFirst; index <= LastIndex; index++)
            larger[index & ((ulong)larger.Length - 1)] = Slot(index);
        _ring = larger;
    }

    private ref Entry Slot(ulong index) => ref _ring[index & ((ulong)_ring.Length - 1)];

    private LogReadException OutOfRange(ulong index) => new($"Group {_group} holds no entry {index}: its entries are {FirstIndex} to {LastIndex}.");
}
