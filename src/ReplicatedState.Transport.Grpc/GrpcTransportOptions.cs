using System.Net.Security;

namespace ReplicatedState.Transport.Grpc;

/// <summary>Settings of the gRPC transport. Read once, when it is made.</summary>
public sealed class GrpcTransportOptions
{
    /// <summary>The largest frame between nodes, and the largest command or query of a client, in bytes (<c>transport.max_message_size</c>). At least 64 KiB. Default 4 MiB.</summary>
    public int MaxMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a peer may take to answer a greeting (<c>transport.timeout</c>). Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether silent connections are pinged (<c>transport.keep_alive</c>). Default true.</summary>
    public bool KeepAlive { get; set; } = true;

    /// <summary>How long a connection is silent before it is pinged (<c>transport.keep_alive_interval</c>). At least 1 s. Default 30 s.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a ping may stay unanswered before the connection counts as dead (<c>transport.keep_alive_timeout</c>). At least 1 s. Default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to open (<c>transport.connection_timeout</c>). Default 5 s.</summary>
    public TimeSpan ConnectionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without streams is kept (<c>transport.idle_timeout</c>). Default 5 min.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the control and bulk lanes share a connection (<c>transport.enable_multiplexing</c>). Snapshots always have their own. Default true.</summary>
    public bool EnableMultiplexing { get; set; } = true;

    /// <summary>
    /// Whether messages of the bulk and snapshot lanes are deflated (<c>transport.enable_compression</c>): those of at least 1 KiB that get smaller by it. What peers send is
    /// understood either way. Default false.
    /// </summary>
    public bool EnableCompression { get; set; }

    /// <summary>zlib's level, 0 to 9 (<c>transport.compression_level</c>): 1 is fastest, 9 smallest, 0 saves nothing. Default 6.</summary>
    public int CompressionLevel { get; set; } = 6;

    /// <summary>The wait before a lane is dialled again; doubled after each failure, jittered. Default 100 ms.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a lane is dialled again. Default 2 s: a node that comes back should not wait long for its leader.</summary>
    public TimeSpan ReconnectDelayMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes may wait on each lane to a peer; what comes on top is dropped. At least <see cref="MaxMessageSize"/>. Default 16 MiB.</summary>
    public int LaneQueueBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many calls of one client stream may be unanswered; further ones are refused as overloaded. Default 8192.</summary>
    public int CallsPerStreamMax { get; set; } = 8192;

    /// <summary>Set for encrypted connections to peers: what to accept, what to present. Null for cleartext HTTP/2.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="InvalidConfigurationException">The message names the setting and the mistake.</exception>
    public void Validate()
    {
        RequireAtLeast(MaxMessageSize, 64 * 1024, "transport.max_message_size");
        RequireAtLeast(LaneQueueBytesMax, MaxMessageSize, nameof(LaneQueueBytesMax));
        RequireAtLeast(CallsPerStreamMax, 1, nameof(CallsPerStreamMax));
        if (CompressionLevel is < 0 or > 9)
            throw new InvalidConfigurationException($"transport.compression_level is {CompressionLevel}; it must be 0 to 9.");
        RequireAtLeast(Timeout, TimeSpan.FromMilliseconds(10), "transport.timeout");
        RequireAtLeast(ConnectionTimeout, TimeSpan.FromMilliseconds(1), "transport.connection_timeout");
        RequireAtLeast(IdleTimeout, TimeSpan.Zero, "transport.idle_timeout");
        RequireAtLeast(KeepAliveInterval, TimeSpan.FromSeconds(1), "transport.keep_alive_interval");
        RequireAtLeast(KeepAliveTimeout, TimeSpan.FromSeconds(1), "transport.keep_alive_timeout");
        RequireAtLeast(ReconnectDelay, TimeSpan.FromMilliseconds(1), nameof(ReconnectDelay));
        RequireAtLeast(ReconnectDelayMax, ReconnectDelay, nameof(ReconnectDelayMax));
    }

    private static void RequireAtLeast<T>(T value, T least, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0)
            throw new InvalidConfigurationException($"{name} is {value}; it must be at least {least}.");
    }
}
