using ReplicatedState.Client;

namespace ReplicatedState.Testing.Cluster;

/// <summary>Reaches the nodes of a run.</summary>
internal sealed class SimulatedEndpointFactory(ClusterWorkload run, ClusterClient client) : IClientEndpointFactory
{
    public IClientEndpoint Create(string address) => new SimulatedEndpoint(run, client, address);
}
