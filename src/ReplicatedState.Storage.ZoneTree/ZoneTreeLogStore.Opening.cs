using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ZoneTree;
using ZoneTree.Comparers;
using ZoneTree.Options;
using ZoneTree.Serializers;

namespace ReplicatedState.Storage.ZoneTree;

// What is checked before anything is believed. A refusal says what is wrong and the way out; nothing is repaired silently.
public sealed partial class ZoneTreeLogStore
{
    private ZoneTreeLogStore(IDisk disk, string directory, ZoneTreeLogStoreOptions options, StoreLogger logger, StoreFailure failure)
    {
        _directory = directory;
        _options = options;
        _failure = failure;
        _prefixes = new Prefixes();
        _files = new DiskFileStreamProvider(disk, directory, failure, options);
        _tree = new ZoneTreeFactory<long, byte[]>(_files)
            .SetLogger(logger)
            .SetComparer(new Int64ComparerAscending())
            .SetKeySerializer(new LogKeySerializer())
            .SetValueSerializer(new BytesSerializer())
            .SetIsDeletedDelegate(_prefixes.IsDeleted)
            .SetIsRangeDeletedDelegate(_prefixes.IsRangeDeleted)
            .SetMarkValueDeletedDelegate((ref byte[] value) => value = LogRecord.Deleted)
            .SetDataDirectory(directory)
            .Configure(tree => Configure(tree, options))
            .OpenOrCreate();
        _tree.Maintenance.OnMergeOperationEnded += OnMergeEnded;
    }

    /// <summary>Opens the log in a directory, or creates it, and checks all of it.</summary>
    /// <param name="disk">The file system.</param>
    /// <param name="directory">An absolute path; the caller holds a lock on the data directory that it lies in.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <param name="logger">Hears of torn ends that recovery cut off, which a crash explains.</param>
    /// <exception cref="StorageFailedException">The directory is of another format, damaged, or contradicts itself, or the disk failed.</exception>
    public static ZoneTreeLogStore Open(IDisk disk, string directory, ZoneTreeLogStoreOptions? options = null, ILogger? logger = null)
    {
        string full = Path.GetFullPath(directory);
        DirectoryFormat.Ensure(disk, full);
        var failure = new StoreFailure();
        ZoneTreeLogStore? store = null;
        try
        {
            store = new ZoneTreeLogStore(disk, full, options ?? new ZoneTreeLogStoreOptions(), new StoreLogger(failure, logger ?? NullLogger.Instance), failure);
            failure.ThrowIfFailed();
            store.LoadRows();
            foreach (GroupLog log in store._groups.Values)
                store.CheckEntries(log);

            // What is shown from now on counts as durable: the node answers for it without writing it again. Some of it may only be in the mapped tail, or in the cache of a system whose last
            // process was killed.
            store.Sync();
            if (store._options.MergeOnOpen)
                store.MergeAll();
            return store;
        }
        catch (Exception error)
        {
            StorageFailedException refusal = error as StorageFailedException
                ?? (failure.HasFailed ? failure.Record(error) : Refusal(full, JournalDamage.Find(disk, full) ?? error.Message, error));
            failure.Record(refusal);
            store?.Dispose();
            throw refusal;
        }
    }

    private static void Configure(ZoneTreeOptions<long, byte[]> tree, ZoneTreeLogStoreOptions options)
    {
        // Segments are frozen by bytes, and merged into one disk segment, because ZoneTree keeps deleted rows as long as there is a segment below.
        tree.AllowUnsafeOptionValues = true;
        tree.MutableSegmentMaxItemCount = int.MaxValue;
        tree.MutableSegmentBloomFilterBitsPerItem = 0;
        tree.DiskSegmentMaxItemCount = int.MaxValue;
        tree.WriteAheadLogOptions.WriteAheadLogMode = WriteAheadLogMode.Shared;
        tree.WriteAheadLogOptions.CompressionMethod = CompressionMethod.None;
        tree.WriteAheadLogOptions.CompressionLevel = 0;
        tree.WriteAheadLogOptions.CompressionBlockSize = options.BlockBytes;
        tree.WriteAheadLogOptions.SharedModeOptions.MaximumChunkSize = options.JournalFileBytes;
        // Off: it would sync on a thread of its own.
        tree.WriteAheadLogOptions.SyncCompressedModeOptions.EnableTailWriterJob = false;
        tree.DiskSegmentOptions.CompressionMethod = CompressionMethod.None;
        tree.DiskSegmentOptions.CompressionLevel = 0;
        tree.DiskSegmentOptions.CompressionBlockSize = 1024 * 1024;
    }

    /// <summary>Reads the store's own rows: which groups there are, and where their logs begin.</summary>
    private void LoadRows()
    {
        var slots = new Dictionary<int, GroupLog>();
        var rows = new List<(int Slot, RecordType Row, byte[] Record)>();
        using (IZoneTreeIterator<long, byte[]> iterator = _tree.CreateIterator(IteratorType.NoRefresh, false, false))
        {
            while (iterator.Next() && iterator.CurrentKey < LogKey.FirstEntry)
            {
                (int slot, RecordType row) = LogKey.RowOf(iterator.CurrentKey);
                if (!LogRecord.TryRead(iterator.CurrentKey, iterator.CurrentValue, row, out string? damage))
                    throw Refusal(_directory, $"the row {row} of slot {slot} is damaged: {damage}", null);
                if (row == RecordType.Slot)
                    slots.Add(slot, new GroupLog(LogRecord.ToSlot(iterator.CurrentValue), slot));
                else
                    rows.Add((slot, row, iterator.CurrentValue));
            }
        }

        foreach ((int slot, RecordType row, byte[] record) in rows)
        {
            if (!slots.TryGetValue(slot, out GroupLog? log))
                throw Refusal(_directory, $"there is a row {row} of slot {slot}, which belongs to no group", null);
            if (row == RecordType.HardState)
                log.HardState = LogRecord.ToHardState(record);
            else
                (log.Base, log.Snapshot) = LogRecord.ToAnchor(record);
        }

        foreach (GroupLog log in slots.Values)
        {
            _prefixes.Publish(log.Slot, log.Base.Index + 1);
            log.LastIndex = log.Base.Index;
            if (!_groups.TryAdd(log.Group, log))
                throw Refusal(_directory, $"group {log.Group} has two slots", null);
            _slotsUsed = Math.Max(_slotsUsed, log.Slot);
        }
    }

    /// <summary>Reads every entry of a group: contiguous from the base on, of terms that never fall and that the hard state knows, reaching at least to the snapshot.</summary>
    private void CheckEntries(GroupLog log)
    {
        ulong term = log.Base.Term;
        long end = LogKey.Entry(log.Slot, LogKey.IndexMax);
        using IZoneTreeIterator<long, byte[]> iterator = _tree.CreateIterator(IteratorType.NoRefresh, false, false);
        iterator.Seek(LogKey.Entry(log.Slot, log.Base.Index + 1));
        while (iterator.Next() && iterator.CurrentKey <= end)
        {
            ulong index = LogKey.IndexOf(iterator.CurrentKey);
            if (index != log.LastIndex + 1)
                throw Contradiction(log, $"entry {index} follows entry {log.LastIndex}");
            if (!LogRecord.TryRead(iterator.CurrentKey, iterator.CurrentValue, RecordType.Entry, out string? damage))
                throw Contradiction(log, $"entry {index} is damaged: {damage}");
            ulong entryTerm = LogRecord.Term(iterator.CurrentValue);
            if (entryTerm < term)
                throw Contradiction(log, $"entry {index} is of term {entryTerm}, after one of term {term}");
            term = entryTerm;
            log.LastIndex = index;
            _segmentBytes += iterator.CurrentValue.Length + RowOverheadBytes;
        }

        if (log.HardState.Term < term)
            throw Contradiction(log, $"the log ends in term {term}, and the hard state says term {log.HardState.Term}");
        if (log.LastIndex < log.Snapshot.Index)
            throw Contradiction(log, $"the log ends at {log.LastIndex}, and the snapshot covers {log.Snapshot.Index}");
        if (log.Snapshot.Index < log.Base.Index)
            throw Contradiction(log, $"the log begins above {log.Base.Index}, and the snapshot covers only {log.Snapshot.Index}");
    }

    private StorageFailedException Contradiction(GroupLog log, string what) =>
        Refusal(_directory, string.Create(CultureInfo.InvariantCulture, $"group {log.Group} (slot {log.Slot}): {what}"), null);

    private static StorageFailedException Refusal(string directory, string what, Exception? inner) => new(
        $"The log in {directory} is damaged within what was durable: {what}. This node can't be sure what it promised, so it doesn't start. "
        + "Empty its data directory and let it join again as a new member, or restore the directory from a backup.",
        inner);
}
