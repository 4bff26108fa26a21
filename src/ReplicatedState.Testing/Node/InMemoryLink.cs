using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing;

/// <summary>The three lanes from one node to another.</summary>
internal sealed class InMemoryLink : IPeerLink
{
    private readonly InMemoryLane[] _lanes;

    public InMemoryLink(InMemoryNetwork network, InMemoryTransport from, string address, IPeerDialler dialler)
    {
        Address = address;
        _lanes = [.. Enum.GetValues<Lane>().Select(lane => new InMemoryLane(network, from, address, lane, dialler))];
        foreach (InMemoryLane lane in _lanes)
            lane.DialLater();
    }

    public string Address { get; }

    public bool TrySend(Lane lane, FrameBuffer frame)
    {
        using (frame)
            return _lanes[(int)lane].TrySend(frame.Written.Span);
    }

    public void Dispose()
    {
        foreach (InMemoryLane lane in _lanes)
            lane.Dispose();
    }
}
