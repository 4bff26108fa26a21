namespace ReplicatedState.Runtime.Options;

/// <summary>A member of the cluster as the configuration names it. Names and addresses are for people and the network; identity is the RaftId.</summary>
/// <param name="Name">The node's name (<c>node_id</c>).</param>
/// <param name="Address">Where it listens for other nodes and gRPC clients, <c>host:port</c>.</param>
public sealed record PeerAddress(string Name, string Address);
