namespace ReplicatedState.AspNetCore;

/// <summary>A founding member of the cluster.</summary>
public sealed class PeerEntry
{
    /// <summary>The node's name, as in its own <see cref="ConsensusOptions.NodeId"/>.</summary>
    public string Id { get; set; } = "";

    /// <summary>The host under which the other nodes reach it.</summary>
    public string Address { get; set; } = "";

    /// <summary>The port under which the other nodes reach it.</summary>
    public int Port { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Id}={Address}:{Port}";
}
