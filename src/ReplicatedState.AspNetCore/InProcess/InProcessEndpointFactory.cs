using ReplicatedState.Client;

namespace ReplicatedState.AspNetCore.InProcess;

/// <summary>Reaches the node of this process directly, and all others as a client elsewhere would.</summary>
internal sealed class InProcessEndpointFactory(InProcessEndpoint self, IClientEndpointFactory others) : IClientEndpointFactory
{
    /// <inheritdoc/>
    public IClientEndpoint Create(string address) =>
        string.Equals(address, self.Address, StringComparison.OrdinalIgnoreCase) ? self : others.Create(address);
}
