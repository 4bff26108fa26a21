using System.Collections.Concurrent;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ZoneTree;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The log of all groups of a node in one ZoneTree, behind one ordered journal: whatever was written is recovered as a prefix, and all of it that was synced.</summary>
/// <remarks>
/// <para>
/// ZoneTree runs in its shared mode without compression, on the file streams of this project. A write changes memory and the journal's mapped tail; <see cref="Sync"/> is one write and one
/// fdatasync for whatever has gathered, from all groups.
/// </para>
/// <para>
/// Entries that compaction gives up are not deleted one by one: a row below the base of its group counts as deleted (see <see cref="Prefixes"/>), and goes when segments are merged. A suffix is
/// deleted from the highest index down, so that a crash in the middle leaves no gap.
/// </para>
/// </remarks>
public sealed partial class ZoneTreeLogStore : ILogStore
{
    private readonly string _directory;
    private readonly ZoneTreeLogStoreOptions _options;
    private readonly StoreFailure _failure;
    private readonly DiskFileStreamProvider _files;
    private readonly IZoneTree<long, byte[]> _tree;
    private readonly Prefixes _prefixes;
    private readonly ConcurrentDictionary<GroupId, GroupLog> _groups = new();
    private readonly List<GroupLog> _unpublished = [];
    private int _slotsUsed;
    private bool _disposed;

    /// <inheritdoc/>
    public IReadOnlyList<GroupId> Groups => [.. _groups.Keys.Order()];

    /// <inheritdoc/>
    public StoredGroup Load(GroupId group)
    {
        ThrowIfUnusable();
        if (!_groups.TryGetValue(group, out GroupLog? log))
            return StoredGroup.Empty;
        // The commit index may have become durable in front of the entries that it counts.
        HardState hardState = log.HardState with { Commit = Math.Clamp(log.HardState.Commit, log.Base.Index, log.LastIndex) };
        return new StoredGroup(hardState, log.Base, log.LastIndex, log.Snapshot);
    }

    /// <inheritdoc/>
    public void Write(GroupId group, Persist operation)
    {
        ThrowIfUnusable();
        try
        {
            GroupLog log = FindOrAdd(group);
            if (operation.HardState is { } hardState)
                WriteHardState(log, hardState);
            if (operation.TruncateFrom is { } from)
                Truncate(log, from);
            if (operation.Snapshot is { } snapshot)
                Replace(log, snapshot);
            foreach (Entry entry in operation.Entries)
                Append(log, entry);
        }
        catch (Exception error)
        {
            throw _failure.Record(error);
        }

        // A thread of ZoneTree's own may have failed without telling this one.
        ThrowIfUnusable();
    }

    /// <inheritdoc/>
    public void Sync()
    {
        ThrowIfUnusable();
        try
        {
            // In shared mode the sync happens on this thread, before the task is there.
            _tree.SyncWALAsync().GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            throw _failure.Record(error);
        }

        ThrowIfUnusable();
        foreach (GroupLog log in _unpublished)
            _prefixes.Publish(log.Slot, log.Base.Index + 1);
        _unpublished.Clear();
    }

    /// <inheritdoc/>
    public void Compact(GroupId group, LogPosition newBase)
    {
        ThrowIfUnusable();
        try
        {
            GroupLog log = FindOrAdd(group);
            if (newBase.Index <= log.Base.Index)
                return;
            Invariant.Holds(newBase.Index <= log.Snapshot.Index, "only what a snapshot covers is given up");
            Invariant.Holds(newBase.Index <= log.LastIndex && TermAt(log, newBase.Index) == newBase.Term, "the new base is an entry of the log");
            MoveBase(log, newBase, log.Snapshot);
            _compactedSinceMerge = true;
        }
        catch (Exception error)
        {
            throw _failure.Record(error);
        }
    }

    /// <inheritdoc/>
    public void SetSnapshot(GroupId group, SnapshotMeta snapshot)
    {
        ThrowIfUnusable();
        try
        {
            GroupLog log = FindOrAdd(group);
            Invariant.Holds(snapshot.Index >= log.Snapshot.Index && snapshot.Index <= log.LastIndex, "a snapshot covers entries of the log, and not fewer of them than the one before");
            log.Snapshot = snapshot;
            WriteAnchor(log);
        }
        catch (Exception error)
        {
            throw _failure.Record(error);
        }
    }

    /// <inheritdoc/>
    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax)
    {
        ThrowIfUnusable();
        GroupLog log = Find(group);
        ulong last = log.LastIndex;
        if (from <= log.Base.Index || from > last + 1)
            throw OutOfRange(log, from);
        int count = 0;
        long bytes = 0;
        for (ulong index = from; index <= last && count < into.Length; index++)
        {
            long key = LogKey.Entry(log.Slot, index);
            Entry entry = LogRecord.ToEntry(key, ReadRecord(log, key));
            bytes += entry.SizeBytes;
            if (count > 0 && bytes > bytesMax)
                break;
            into[count++] = entry;
        }

        return count;
    }

    /// <inheritdoc/>
    public ulong TermAt(GroupId group, ulong index)
    {
        ThrowIfUnusable();
        return TermAt(Find(group), index);
    }

    /// <summary>Closes the files. What was written and not synced is synced, unless the store has failed.</summary>
    /// <exception cref="StorageFailedException">The last sync failed, and the store had not failed before.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        bool hadFailed = _failure.HasFailed;
        try
        {
            _tree.Maintenance.TryCancelMergeOperation();
            _merge?.Join();
            _tree.Dispose();
        }
        catch (Exception error)
        {
            // After a failure nothing is written any more, and ZoneTree complains about that; who caused the failure was told.
            StorageFailedException failure = _failure.Record(error);
            if (!hadFailed)
                throw failure;
        }
    }

    private ulong TermAt(GroupLog log, ulong index)
    {
        LogPosition basePosition = log.Base;
        if (index == basePosition.Index)
            return basePosition.Term;
        if (index < basePosition.Index || index > log.LastIndex)
            throw OutOfRange(log, index);
        return LogRecord.Term(ReadRecord(log, LogKey.Entry(log.Slot, index)));
    }

    private byte[] ReadRecord(GroupLog log, long key)
    {
        byte[]? record;
        try
        {
            if (!_tree.TryGet(key, out record))
                throw new LogReadException($"Entry {LogKey.IndexOf(key)} of group {log.Group} is missing from {_directory}, between entries that are there.");
        }
        catch (Exception error) when (error is not LogReadException)
        {
            throw new LogReadException($"Entry {LogKey.IndexOf(key)} of group {log.Group} can't be read from {_directory}: {error.Message}", error);
        }

        return LogRecord.TryRead(key, record, RecordType.Entry, out string? damage)
            ? record
            : throw new LogReadException($"Entry {LogKey.IndexOf(key)} of group {log.Group} is damaged in {_directory}: {damage}.");
    }

    private GroupLog Find(GroupId group) =>
        _groups.TryGetValue(group, out GroupLog? log) ? log : throw new LogReadException($"The store holds nothing of group {group}.");

    private LogReadException OutOfRange(GroupLog log, ulong index) =>
        new($"Group {log.Group} holds no entry {index} in {_directory}: its entries are {log.Base.Index + 1} to {log.LastIndex}.");

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _failure.ThrowIfFailed();
    }
}
