namespace ReplicatedState.Runtime.Storage;

/// <summary>The sizes that a <see cref="JournalLogStore"/> works with. The defaults suit a server; tests make them small.</summary>
public sealed record JournalLogStoreOptions
{
    /// <summary>Bytes after which a new segment is begun; the batch that passes the mark is written to its end. Compaction gives space back by whole segments.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How far ahead a segment is filled with zeros, so that a sync finds the file's size unchanged and needn't commit the file system's own journal.</summary>
    public int ZeroFillBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes gathered in memory that are written without waiting for the sync.</summary>
    public int GatheredBytesMax { get; init; } = 1024 * 1024;
}
