namespace ReplicatedState.Runtime.Options;

/// <summary>The <c>transport.*</c> keys that the node itself obeys; keep-alives, connections and compression are the transport's.</summary>
public sealed record TransportOptions
{
    /// <summary><c>transport.max_message_size</c> in bytes: no frame is larger, no larger one is accepted. A command must fit with a kilobyte to spare.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    /// <summary><c>transport.snapshot_rate</c>: bytes of snapshots that the node sends in a second, to all followers together; 0 for as many as the network takes.</summary>
    public long SnapshotBytesPerSecond { get; init; } = 64L * 1024 * 1024;

    /// <summary>Snapshots that the node sends at once, each to another follower; more wait.</summary>
    public int SnapshotTransfersMax { get; init; } = 2;

    /// <summary>Bytes of one piece of a snapshot; at most half of <see cref="MaxMessageSize"/>.</summary>
    public int SnapshotChunkBytes { get; init; } = 256 * 1024;

    internal void Validate()
    {
        NodeOptions.Require(
            MaxMessageSize is >= 64 * 1024 and <= 256 * 1024 * 1024,
            $"transport.max_message_size is {MaxMessageSize}; it must be between 64 KiB and 256 MiB");
        NodeOptions.Require(SnapshotBytesPerSecond is >= 0 and <= 1L << 40, "transport.snapshot_rate must be between 0 and 1 TiB a second");
        NodeOptions.Require(SnapshotTransfersMax >= 1, "the number of snapshots sent at once must be at least 1");
        NodeOptions.Require(SnapshotChunkBytes >= 1024, $"a piece of a snapshot has {SnapshotChunkBytes} bytes; it must be at least 1024");
    }
}
