namespace ReplicatedState.AspNetCore.Endpoints;

/// <summary>Remembers that the services of peers and clients were mapped; forgetting it would leave a node that nobody can reach.</summary>
internal sealed class PeerServices
{
    public bool AreMapped { get; set; }
}
