using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>The network of a node that has no peers.</summary>
internal sealed class Loneliness : ITransport
{
    public void Start(ITransportReceiver receiver)
    {
        // Nobody will come.
    }

    public IPeerLink Connect(string address, IPeerDialler dialler) => throw new InvalidOperationException("A lone node dials nobody.");

    public void Dispose()
    {
        // There is nothing to close.
    }
}
