namespace ReplicatedState.AspNetCore;

/// <summary>The configuration of a node: section <c>consensus</c>, environment variables <c>CONSENSUS_…</c>, or code.</summary>
/// <remarks>
/// Read once, when the host is built. Values set in code win over the environment, which wins over files. Every key is described in
/// <c>docs/configuration.md</c>; its name there is the name here in snake case.
/// </remarks>
public sealed class ConsensusOptions
{
    /// <summary>The node's name, unique in the cluster: 1 to 64 of letters, digits, '.', '_' and '-'. May be left out by a node without peers.</summary>
    public string NodeId { get; set; } = "";

    /// <summary>The cluster's label. Nodes with different labels refuse each other.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>The address on which peers and gRPC clients are answered. Left out: all interfaces, or loopback alone for a node without peers.</summary>
    public string BindAddr { get; set; } = "";

    /// <summary>The port on which peers and gRPC clients are answered, by HTTP/2 without TLS. 0 means the one in the node's own entry of <see cref="Peers"/>, else 7000.</summary>
    public int BindPort { get; set; }

    /// <summary>The host under which peers and clients reach <see cref="BindPort"/>. Left out: the one in the node's own entry of <see cref="Peers"/>, else <see cref="BindAddr"/>.</summary>
    public string AdvertiseAddr { get; set; } = "";

    /// <summary>The port under which peers and clients reach this node; 0 means the one in the node's own entry of <see cref="Peers"/>, else <see cref="BindPort"/>.</summary>
    public int AdvertisePort { get; set; }

    /// <summary>The address of status, health and the application's own routes. Ignored where the application sets its own URLs.</summary>
    public string HttpAddr { get; set; } = "127.0.0.1";

    /// <summary>The port of status, health and the application's own routes; 0 for none. Ignored where the application sets its own URLs.</summary>
    public int HttpPort { get; set; } = 8080;

    /// <summary>The host:port under which others reach the HTTP endpoint. Left out: the advertised host with <see cref="HttpPort"/>.</summary>
    public string AdvertiseHttp { get; set; } = "";

    /// <summary>All founding members, this node included. Used once, to form the cluster; later the log is the truth. Empty: a cluster of this node alone.</summary>
    public IList<PeerEntry> Peers { get; } = [];

    /// <summary>
    /// Whether a machine version takes effect as soon as every member's binary has it. Otherwise an operator orders it (<c>IClusterAdmin.ActivateVersionAsync</c>), and until then any node may go
    /// back to its earlier binary. Left out: true in the environment Development, else false.
    /// </summary>
    public bool? UpgradeAutoActivate { get; set; }

    /// <summary>Timing, batching and log retention.</summary>
    public RaftSection Raft { get; } = new();

    /// <summary>Who leads, where several could.</summary>
    public ElectionSection Election { get; } = new();

    /// <summary>What few need.</summary>
    public AdvancedSection Advanced { get; } = new();

    /// <summary>Where and how the log is kept.</summary>
    public StorageSection Storage { get; } = new();

    /// <summary>How nodes talk to each other.</summary>
    public TransportSection Transport { get; } = new();
}
