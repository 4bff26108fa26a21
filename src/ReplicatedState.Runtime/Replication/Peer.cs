using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Replication;

/// <summary>The sending side towards one other node. Frames come from the shards and from the storage thread.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Lock _gate = new();
    private IPeerLink? _link;
    private Greeting? _greeting;
    private ulong _id;
    private bool _disposed;

    public Peer(string name, string address, RaftId id)
    {
        Name = name;
        Address = address;
        _id = id.Value;
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>Where it is dialled.</summary>
    public string Address { get; }

    /// <summary>Who it is; nobody until the cluster's records or its greeting have told.</summary>
    public RaftId Id
    {
        get => new(Volatile.Read(ref _id));
        set => Volatile.Write(ref _id, value.Value);
    }

    /// <summary>True once the link was given up.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed);

    /// <summary>What it said when the control stream was opened; null while that is down.</summary>
    public Greeting? Greeting
    {
        get => Volatile.Read(ref _greeting);
        set => Volatile.Write(ref _greeting, value);
    }

    /// <summary>True while the control stream stands.</summary>
    public bool IsConnected => Greeting is not null;

    /// <summary>It speaks as a member of the cluster, whatever it said when the stream was opened.</summary>
    public void HasJoined(Guid cluster)
    {
        if (Greeting is { Cluster: null } before)
            Greeting = before with { Cluster = cluster };
    }

    /// <summary>Sets the link. Apart from the constructor, because the link's dialler needs the peer.</summary>
    public void Attach(IPeerLink link) => _link = link;

    /// <summary>Hands a frame over, which is gone afterwards in any case; false where it went nowhere.</summary>
    public bool TrySend(Lane lane, FrameBuffer frame)
    {
        lock (_gate)
        {
            if (!_disposed && _link is { } link)
                return link.TrySend(lane, frame);
        }

        frame.Dispose();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Volatile.Write(ref _disposed, true);
        }

        _link?.Dispose();
    }
}
