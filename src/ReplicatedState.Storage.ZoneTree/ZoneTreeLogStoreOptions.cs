namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The sizes that a <see cref="ZoneTreeLogStore"/> works with. The defaults suit a server; tests make them small.</summary>
public sealed record ZoneTreeLogStoreOptions
{
    /// <summary>Bytes of records in the writable segment of memory before it is frozen. What is not yet merged is read again at every start: 64 MiB take about a quarter of a second.</summary>
    public long SegmentBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Bytes of frozen segments that are merged to disk even though no compaction has made them garbage.</summary>
    public long FrozenBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes after which the journal begins a new file.</summary>
    public long JournalFileBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How far ahead the journal is filled with zeros, so that a sync finds the file's size unchanged and needn't commit the file system's own journal.</summary>
    public int ZeroFillBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest block of the journal in bytes; also the size of its mapped tail.</summary>
    public int BlockBytes { get; init; } = 256 * 1024;

    /// <summary>Whether opening merges all segments into one before it returns: it frees what was compacted, at once instead of in time.</summary>
    public bool MergeOnOpen { get; init; }

    /// <summary>Whether a merge runs on a thread of its own, so that syncs go on beside it. Off for simulations: then <see cref="ZoneTreeLogStore.Maintain"/> does it in place.</summary>
    public bool MergeOnOwnThread { get; init; } = true;
}
