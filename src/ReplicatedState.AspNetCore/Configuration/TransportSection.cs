namespace ReplicatedState.AspNetCore;

/// <summary>How nodes talk to each other: keys <c>transport.*</c>.</summary>
public sealed class TransportSection
{
    /// <summary>The kind of transport: <c>grpc</c>.</summary>
    public string Type { get; set; } = "grpc";

    /// <summary>The largest frame in bytes. A command that doesn't fit is refused before it is proposed.</summary>
    public int MaxMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a single call may take; at least the heartbeat interval.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Probe idle connections with HTTP/2 pings.</summary>
    public bool KeepAlive { get; set; } = true;

    /// <summary>How long a connection is silent before it is probed.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a probe may stay unanswered before the connection is given up.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most connections that the peer endpoint accepts; at least three per peer.</summary>
    public int MaxConnections { get; set; } = 100;

    /// <summary>How long it may take to connect to a node.</summary>
    public TimeSpan ConnectionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without streams is kept.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of snapshots that the node sends in a second, to all followers together; 0 for as many as the network takes.</summary>
    public long SnapshotRate { get; set; } = 64L * 1024 * 1024;

    /// <summary>Heartbeats and entries share one connection to each node. Snapshots always have their own.</summary>
    public bool EnableMultiplexing { get; set; } = true;

    /// <summary>Deflate entries and snapshots on their way to other nodes: messages of at least 1 KiB that get smaller by it, never votes and heartbeats. Costs more CPU than it saves on a fast network.</summary>
    public bool EnableCompression { get; set; }

    /// <summary>zlib's level: 1 is fastest, 9 smallest.</summary>
    public int CompressionLevel { get; set; } = 6;
}
