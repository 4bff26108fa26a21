using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The log of all groups of a node in one journal of segment files: appended to, synced once for whatever has gathered, recovered as a prefix of what was written.</summary>
/// <remarks>
/// <para>
/// A batch is what one sync covers. It begins with a record of its own, and no batch is begun before the sync of the one before it returned; so a batch that is found proves that everything
/// before it was durable once. Damage in front of a batch is therefore refused at the start (persistence rule P11), and damage behind the last one is a torn end. What can't be told apart
/// from a torn end is damage of the last batch itself; <see cref="Maintain"/> and <see cref="Dispose"/> begin the next one early, so that this holds for work that the crash interrupted.
/// </para>
/// <para>
/// Each segment begins with a checkpoint of all groups without their entries, so that older segments are needed for entries only. Compaction drops segments from the oldest on, and copies
/// what lives in the oldest where garbage prevails. No file is written by two lives of a process: opening begins a new segment and copies the last batch into it, because nobody knows whether
/// that was synced, and a cache that forgot it after a failed sync would still show it.
/// </para>
/// <para>No thread of its own, no clock, no randomness: the same calls do the same operations on the disk.</para>
/// </remarks>
public sealed partial class JournalLogStore : ILogStore
{
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly SortedDictionary<GroupId, JournalGroup> _groups = [];
    private readonly List<JournalSegment> _segments = [];
    private readonly JournalWriter _writer;
    private StorageFailedException? _failure;
    private bool _disposed;

    /// <inheritdoc/>
    public IReadOnlyList<GroupId> Groups
    {
        get
        {
            lock (_gate)
                return [.. _groups.Keys];
        }
    }

    /// <inheritdoc/>
    public StoredGroup Load(GroupId group)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            if (!_groups.TryGetValue(group, out JournalGroup? log))
                return StoredGroup.Empty;
            // The commit index may have become durable in front of the entries that it counts.
            HardState hardState = log.HardState with { Commit = Math.Clamp(log.HardState.Commit, log.Base.Index, log.LastIndex) };
            return new StoredGroup(hardState, log.Base, log.LastIndex, log.Snapshot);
        }
    }

    /// <inheritdoc/>
    public void Write(GroupId group, Persist operation)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            try
            {
                BeginBatch();
                JournalGroup log = FindOrAdd(group);
                if (operation.HardState is { } hardState)
                    WriteHardState(log, hardState);
                if (operation.TruncateFrom is { } from && from <= log.LastIndex)
                    WriteTruncation(log, from);
                if (operation.Snapshot is { } snapshot)
                    WriteInstallation(log, snapshot);
                foreach (Entry entry in operation.Entries)
                    WriteEntry(log, entry);
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }
    }

    /// <inheritdoc/>
    public void Sync()
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            if (!_writer.HasUnsynced)
                return;
            try
            {
                _writer.WriteOut();
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }

        try
        {
            _writer.SyncData();
        }
        catch (Exception error)
        {
            lock (_gate)
                throw Record(error);
        }

        lock (_gate)
            _writer.OnSynced();
    }

    /// <inheritdoc/>
    public void Compact(GroupId group, LogPosition newBase)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            try
            {
                BeginBatch();
                JournalGroup log = FindOrAdd(group);
                if (newBase.Index <= log.Base.Index)
                    return;
                Invariant.Holds(newBase.Index <= log.Snapshot.Index, "only what a snapshot covers is given up");
                Invariant.Holds(newBase.Index <= log.LastIndex && log.TermAt(newBase.Index) == newBase.Term, "the new base is an entry of the log");
                WriteAnchor(log, newBase, log.Snapshot);
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }
    }

    /// <inheritdoc/>
    public void SetSnapshot(GroupId group, SnapshotMeta snapshot)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            try
            {
                BeginBatch();
                JournalGroup log = FindOrAdd(group);
                Invariant.Holds(snapshot.Index >= log.Snapshot.Index && snapshot.Index <= log.LastIndex, "a snapshot covers entries of the log, and not fewer of them than the one before");
                WriteAnchor(log, log.Base, snapshot);
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }
    }

    /// <inheritdoc/>
    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            JournalGroup log = Find(group);
            if (from <= log.Base.Index || from > log.LastIndex + 1)
                throw OutOfRange(log, from);
            int count = 0;
            long bytes = 0;
            for (ulong index = from; index <= log.LastIndex && count < into.Length; index++)
            {
                Entry entry = ReadEntry(log, index);
                bytes += entry.SizeBytes;
                if (count > 0 && bytes > bytesMax)
                    break;
                into[count++] = entry;
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public ulong TermAt(GroupId group, ulong index)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            JournalGroup log = Find(group);
            return index == log.Base.Index || log.Holds(index) ? log.TermAt(index) : throw OutOfRange(log, index);
        }
    }

    /// <summary>Closes the files. What was written and not synced is synced, unless the store has failed.</summary>
    /// <exception cref="StorageFailedException">The last sync failed, and the store had not failed before.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        try
        {
            if (_failure is null)
                EndInOrder();
        }
        finally
        {
            lock (_gate)
            {
                _disposed = true;
                foreach (JournalSegment segment in _segments)
                    segment.Dispose();
            }
        }
    }

    private Entry ReadEntry(JournalGroup log, ulong index)
    {
        EntryPlace place = log.PlaceOf(index);
        byte[] record = GC.AllocateUninitializedArray<byte>(place.SizeBytes);
        try
        {
            if (!_writer.TryCopy(place, record) && place.Segment!.File.Read(place.Offset, record) != record.Length)
                throw Damaged(log, index, place, "the file ends before it");
        }
        catch (StorageFailedException error)
        {
            throw new LogReadException($"Entry {index} of group {log.Id} can't be read: {error.Message}", error);
        }

        if (!JournalRecord.TryRead(record, place.Segment!.Number, place.Offset, place.Batch, out JournalRecord header, out _) || header.Index != index || header.Group != log.Id)
            throw Damaged(log, index, place, "its checksum doesn't fit");
        Payload payload = header.PayloadBytes == 0 ? default : new Payload(new PayloadSlab(record), JournalRecord.HeaderBytes, header.PayloadBytes);
        return new Entry(index, header.Term, header.Kind, header.LogTimeMs, payload);
    }

    private JournalGroup Find(GroupId group) =>
        _groups.TryGetValue(group, out JournalGroup? log) ? log : throw new LogReadException($"The store holds nothing of group {group}.");

    private LogReadException OutOfRange(JournalGroup log, ulong index) =>
        new($"Group {log.Id} holds no entry {index} in {_directory}: its entries are {log.Base.Index + 1} to {log.LastIndex}.");

    private static LogReadException Damaged(JournalGroup log, ulong index, in EntryPlace place, string why) =>
        new($"Entry {index} of group {log.Id} is damaged: {place.Segment!.File.Path} at offset {place.Offset}: {why}.");

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is { } first)
            throw new StorageFailedException($"The log store stopped at an earlier failure and does nothing more. {first.Message}", first);
    }

    /// <summary>Remembers the first failure: after it nobody can tell what the disk holds, and a second sync would claim success without the data.</summary>
    private StorageFailedException Record(Exception error) =>
        _failure ??= error as StorageFailedException ?? new StorageFailedException($"The log store failed: {error.Message}", error);
}
