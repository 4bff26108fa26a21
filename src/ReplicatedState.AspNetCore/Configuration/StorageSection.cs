namespace ReplicatedState.AspNetCore;

/// <summary>Where and how the log is kept: keys <c>storage.*</c>.</summary>
public sealed class StorageSection
{
    /// <summary>The kind of store: <c>zonetree</c>, or <c>memory</c> for tests.</summary>
    public string Type { get; set; } = "zonetree";

    /// <summary>The data directory of this node; one process at a time may use it.</summary>
    public string Path { get; set; } = "./data/consensus";

    /// <summary>The most operations made durable by one sync.</summary>
    public int MaxBatchSize { get; set; } = 1000;

    /// <summary>How long writes are added to a batch before it is synced, at most; one that comes alone is synced at once.</summary>
    public TimeSpan MaxBatchDelay { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Merge the log's segments before the node starts, which frees what was compacted, takes time in proportion to the log, and makes the next start faster.</summary>
    public bool CompactOnStart { get; set; }

    /// <summary>Bytes of entries in the store's writable segment of memory before it is frozen.</summary>
    public long MemTableSize { get; set; } = 32L * 1024 * 1024;

    /// <summary>How many segments of that size may be in memory before they are merged to disk, although no snapshot has made them garbage.</summary>
    public int MemTables { get; set; } = 8;

    /// <summary>False: entries may be acknowledged before they are synced, and a power cut may lose them. Terms and votes are always synced.</summary>
    public bool SyncWrites { get; set; } = true;

    /// <summary>
    /// Free bytes below which the node takes no proposals and no entries; it resumes at one and a half times as much. This or <see cref="LowSpacePercent"/>, whichever is more, but a quarter of the
    /// device at most. 0: space is not watched.
    /// </summary>
    public long LowSpace { get; set; } = 512L * 1024 * 1024;

    /// <summary>The same as a share of the device, 0 to 25 percent.</summary>
    public int LowSpacePercent { get; set; } = 5;

    /// <summary>Bytes held back in a file and given up when space gets low, for votes, snapshots and compaction; an eighth of the mark at most, 0 for none.</summary>
    public long Reserve { get; set; } = 64L * 1024 * 1024;
}
