namespace ReplicatedState.Runtime.Options;

/// <summary>The <c>storage.*</c> keys that the node itself obeys; which store is used is decided by whoever builds the node.</summary>
public sealed record StorageOptions
{
    /// <summary><c>storage.path</c>: the data directory, held exclusively.</summary>
    public string Path { get; init; } = "./data/consensus";

    /// <summary><c>storage.sync_writes</c>: false lets entries be acknowledged before they are synced, so that a power cut may lose them. Terms and votes are always synced.</summary>
    public bool SyncWrites { get; init; } = true;

    /// <summary><c>storage.max_batch_size</c>: operations that share one sync.</summary>
    public int MaxBatchSize { get; init; } = 1000;

    /// <summary>
    /// <c>storage.max_batch_delay</c> in microseconds: how long writing a batch may take before it is synced, so that a few large operations don't hold up the first of them. Nothing ever
    /// waits for more to come: what gathers, gathers while the sync before runs.
    /// </summary>
    public long MaxBatchDelayUs { get; init; } = 10_000;

    /// <summary>
    /// <c>storage.low_space</c>: free bytes below which the node takes no proposals and no entries; it resumes at one and a half times as much. The mark is this or <see cref="LowSpacePercent"/> of the
    /// device, whichever is more, but a quarter of the device at most. 0: space is not watched.
    /// </summary>
    public long LowSpaceBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary><c>storage.low_space_percent</c>: the same as a share of the device, 0 to 25 percent.</summary>
    public int LowSpacePercent { get; init; } = 5;

    /// <summary>
    /// <c>storage.reserve</c>: bytes held back in a file, and given up when space gets low, for votes, snapshots and compaction. An eighth of the mark at most; 0 for none.
    /// </summary>
    public long ReserveBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How often free space is looked at, in milliseconds.</summary>
    public int SpaceCheckIntervalMs { get; init; } = 1000;

    internal void Validate()
    {
        NodeOptions.Require(!string.IsNullOrWhiteSpace(Path), "storage.path must not be empty");
        NodeOptions.Require(MaxBatchSize >= 1, "storage.max_batch_size must be at least 1");
        NodeOptions.Require(MaxBatchDelayUs >= 1, "storage.max_batch_delay must be positive");
        NodeOptions.Require(LowSpaceBytes >= 0, "storage.low_space must not be negative");
        NodeOptions.Require(LowSpacePercent is >= 0 and <= 25, $"storage.low_space_percent is {LowSpacePercent}; it must be between 0 and 25");
        NodeOptions.Require(ReserveBytes >= 0, "storage.reserve must not be negative");
        NodeOptions.Require(SpaceCheckIntervalMs >= 1, "the interval of the space check must be at least 1 ms");
    }
}
