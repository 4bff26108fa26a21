using ReplicatedState.Consensus;

namespace ReplicatedState.Testing;

/// <summary>A group's log in memory, changed by whole persist operations. Holds a reference to every entry in it.</summary>
/// <remarks>
/// A simulated node has two: one that shows operations as soon as they are taken, which the core reads, and one that shows them when they are durable, which
/// is all that a crash leaves.
/// </remarks>
public sealed class EntryLog : ILogReader
{
    private Entry[] _entries = new Entry[64];
    private int _start;
    private int _count;

    /// <summary>A log that begins right above a snapshot.</summary>
    public EntryLog(SnapshotMeta snapshot)
    {
        Snapshot = snapshot;
        Base = snapshot.Position;
    }

    /// <inheritdoc/>
    public ulong FirstIndex => Base.Index + 1;

    /// <inheritdoc/>
    public ulong LastIndex => Base.Index + (ulong)_count;

    /// <summary>The position of the last entry, or of the base where there are none.</summary>
    public LogPosition Last => _count == 0 ? Base : _entries[_start + _count - 1].Position;

    /// <inheritdoc/>
    public LogPosition Base { get; private set; }

    /// <inheritdoc/>
    public SnapshotMeta Snapshot { get; private set; }

    /// <summary>The entry at an index from <see cref="FirstIndex"/> to <see cref="LastIndex"/>.</summary>
    /// <exception cref="LogReadException">There is none.</exception>
    public ref readonly Entry this[ulong index]
    {
        get
        {
            if (index < FirstIndex || index > LastIndex)
                throw new LogReadException($"The simulated log holds {FirstIndex} to {LastIndex}, not {index}.");
            return ref _entries[_start + (int)(index - FirstIndex)];
        }
    }

    /// <inheritdoc/>
    public ulong TermAt(ulong index) => index == Base.Index ? Base.Term : this[index].Term;

    /// <inheritdoc/>
    public int Read(ulong from, Span<Entry> into, long bytesMax)
    {
        int read = 0;
        long bytes = 0;
        for (ulong index = from; index <= LastIndex && read < into.Length; index++)
        {
            ref readonly Entry entry = ref this[index];
            bytes += entry.SizeBytes;
            if (read > 0 && bytes > bytesMax)
                break;
            into[read++] = entry;
        }

        return read;
    }

    /// <summary>True where the log, or the snapshot below it, holds the entry at this position.</summary>
    public bool Covers(LogPosition position) =>
        position.Index < FirstIndex || (position.Index <= LastIndex && TermAt(position.Index) == position.Term);

    /// <summary>Carries out an operation: snapshot or truncation first, then the entries.</summary>
    public void Apply(Persist operation) =>
        Apply(operation.Snapshot, operation.TruncateFrom, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(operation.Entries));

    internal void Apply(SnapshotMeta? snapshot, ulong? truncateFrom, ReadOnlySpan<Entry> entries)
    {
        if (snapshot is not null)
            ResetTo(snapshot);
        if (truncateFrom is { } from)
            TruncateFrom(from);
        foreach (ref readonly Entry entry in entries)
            Append(entry);
    }

    /// <summary>Replaces the log by a snapshot.</summary>
    public void ResetTo(SnapshotMeta snapshot)
    {
        Clear();
        Snapshot = snapshot;
        Base = snapshot.Position;
    }

    /// <summary>Records a newer snapshot of the log's own prefix, without touching entries.</summary>
    public void SetSnapshot(SnapshotMeta snapshot) => Snapshot = snapshot;

    /// <summary>Gives up the entries up to and including an index, which the snapshot covers.</summary>
    public void CompactThrough(ulong index)
    {
        if (index <= Base.Index)
            return;
        var newBase = new LogPosition(index, TermAt(index));
        int drop = (int)(index - Base.Index);
        Release(_start, drop);
        _start += drop;
        _count -= drop;
        Base = newBase;
    }

    /// <summary>Adds one entry at the end.</summary>
    public void Append(in Entry entry)
    {
        Invariant.Holds(entry.Index == LastIndex + 1, "entries are persisted without a gap");
        if (_start + _count == _entries.Length)
            MakeRoom();
        entry.Retain();
        _entries[_start + _count++] = entry;
    }

    /// <summary>Makes this log a copy of another.</summary>
    public void CopyFrom(EntryLog other)
    {
        ResetTo(other.Snapshot);
        Base = other.Base;
        for (ulong index = other.FirstIndex; index <= other.LastIndex; index++)
            Append(other[index]);
    }

    /// <summary>Drops all entries and their references.</summary>
    public void Clear()
    {
        Release(_start, _count);
        _start = 0;
        _count = 0;
    }

    private void TruncateFrom(ulong from)
    {
        Invariant.Holds(from > Base.Index, "nothing below the log's first entry is truncated");
        if (from > LastIndex)
            return;
        int keep = (int)(from - FirstIndex);
        Release(_start + keep, _count - keep);
        _count = keep;
    }

    private void MakeRoom()
    {
        Entry[] target = _count * 2 > _entries.Length ? new Entry[_entries.Length * 2] : _entries;
        Array.Copy(_entries, _start, target, 0, _count);
        Array.Clear(target, _count, target.Length - _count);
        _entries = target;
        _start = 0;
    }

    private void Release(int from, int count)
    {
        foreach (ref Entry entry in _entries.AsSpan(from, count))
        {
            entry.Release();
            entry = default;
        }
    }
}
