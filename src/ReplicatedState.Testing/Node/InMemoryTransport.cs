using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing;

/// <summary>One node's end of an <see cref="InMemoryNetwork"/>.</summary>
internal sealed class InMemoryTransport(InMemoryNetwork network, string address) : ITransport
{
    private readonly List<InMemoryLink> _outgoing = [];
    private readonly List<InMemoryLane> _incoming = [];

    public string Address { get; } = address;

    public ITransportReceiver? Receiver { get; private set; }

    public void Start(ITransportReceiver receiver)
    {
        Receiver = receiver;
        network.Listen(this);
    }

    public IPeerLink Connect(string address, IPeerDialler dialler)
    {
        var link = new InMemoryLink(network, this, address, dialler);
        _outgoing.Add(link);
        return link;
    }

    /// <summary>A lane of another node's link ends here from now on.</summary>
    public void Accept(InMemoryLane lane) => _incoming.Add(lane);

    public void Release(InMemoryLane lane) => _incoming.Remove(lane);

    public void Dispose()
    {
        Receiver = null;
        network.Forget(this);
        foreach (InMemoryLink link in _outgoing.ToArray())
            link.Dispose();
        foreach (InMemoryLane lane in _incoming.ToArray())
            lane.Break();
        _outgoing.Clear();
        _incoming.Clear();
    }
}
