using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

// What is checked before anything is believed. A refusal says what is wrong and the way out; nothing is repaired silently.
public sealed partial class JournalLogStore
{
    /// <summary>A segment is read in one piece when the store is opened.</summary>
    private const long SegmentBytesMax = 1024 * 1024 * 1024;

    private JournalLogStore(IDisk disk, string directory, JournalLogStoreOptions options)
    {
        _disk = disk;
        _directory = directory;
        _writer = new JournalWriter(disk, directory, options);
    }

    /// <summary>Opens the log in a directory, or creates it, and checks all of it.</summary>
    /// <param name="disk">The file system.</param>
    /// <param name="directory">An absolute path; the caller holds a lock on the data directory that it lies in.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <exception cref="StorageFailedException">The directory is of another format, damaged, or contradicts itself, or the disk failed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A segment has no byte, or more than 1 GiB.</exception>
    public static JournalLogStore Open(IDisk disk, string directory, JournalLogStoreOptions? options = null)
    {
        options ??= new JournalLogStoreOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SegmentBytes, SegmentBytesMax);
        var store = new JournalLogStore(disk, Path.GetFullPath(directory), options);
        try
        {
            store.Recover();
            return store;
        }
        catch (Exception error)
        {
            StorageFailedException refusal = store.Record(error);
            store.Dispose();
            throw refusal;
        }
    }

    private void Recover()
    {
        var files = new JournalFiles(_disk, _directory);
        var recovery = new JournalRecovery(_directory, files, _groups);
        try
        {
            recovery.Read();
        }
        finally
        {
            _segments.AddRange(recovery.Segments);
        }

        // What is shown from now on counts as durable: the node answers for it without writing it again. So the last batch, which nobody knows to be durable, is written once more.
        ulong number = files.Highest + 1;
        // The segment that was the oldest may be the one that this one replaces.
        ulong oldest = _segments.Find(segment => segment.Number >= recovery.Oldest)?.Number ?? number;
        BeginSegment(number, recovery.GoOn with { Oldest = oldest, Records = _groups.Count + recovery.LastBatch.Count });
        foreach ((JournalRecord record, byte[] payload) in recovery.LastBatch)
            recovery.Apply(record, payload, _writer.Append(record, payload));
        foreach (JournalGroup log in _groups.Values)
        {
            if (log.Contradiction() is { } contradiction)
                throw JournalFiles.Refusal(_directory, $"group {log.Id}: {contradiction}");
        }

        Sync();
        RemoveLeftovers(files, oldest);
    }

    /// <summary>Segments that were dropped when the power failed, and those that were never begun.</summary>
    private void RemoveLeftovers(JournalFiles files, ulong oldest)
    {
        int dropped = _segments.FindIndex(segment => segment.Number >= oldest);
        HashSet<ulong> kept = [.. _segments.Skip(dropped).Select(segment => segment.Number)];
        foreach (JournalSegment segment in _segments.Take(dropped))
        {
            Invariant.Holds(segment.LiveBytes == 0, "no entry lives in a segment that was dropped");
            segment.Dispose();
        }

        _segments.RemoveRange(0, dropped);
        List<ulong> leftovers = [.. files.Numbers.Where(number => !kept.Contains(number))];
        foreach (ulong number in leftovers)
            _disk.Delete(files.PathOf(number));
        if (leftovers.Count > 0)
            _disk.SyncDirectory(_directory);
    }
}
