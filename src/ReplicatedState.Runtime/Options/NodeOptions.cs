namespace ReplicatedState.Runtime.Options;

/// <summary>What one node is told about itself and its cluster. Validated when a node is made from it.</summary>
public sealed record NodeOptions
{
    internal const int ShardsMax = 64;
    private const int NameLengthMax = 64;

    /// <summary><c>node_id</c>: the node's name, 1 to 64 letters, digits, dots, dashes and underscores; unique in the cluster and kept for the life of the data directory.</summary>
    public required string Name { get; init; }

    /// <summary><c>cluster_id</c>: a label that must be the same on all nodes. The cluster's identity is a GUID made at formation.</summary>
    public string ClusterLabel { get; init; } = "default";

    /// <summary>Where other nodes and gRPC clients reach this node, <c>host:port</c>.</summary>
    public required string PeerAddress { get; init; }

    /// <summary>Where HTTP clients reach it, an absolute URL; empty where there is no HTTP endpoint.</summary>
    public string HttpAddress { get; init; } = "";

    /// <summary>
    /// <c>peers</c>: the members that form the cluster, this node among them. Used for formation, and to find the cluster; once formed, the
    /// cluster's own records count. Empty: this node forms a cluster of itself.
    /// </summary>
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>The <c>raft.*</c> keys.</summary>
    public RaftOptions Raft { get; init; } = new();

    /// <summary>The <c>storage.*</c> keys.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>The <c>transport.*</c> keys.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>The <c>upgrade.*</c> keys.</summary>
    public UpgradeOptions Upgrade { get; init; } = new();

    /// <summary>Threads that run consensus and state machines; 0 for half the processors, at least one.</summary>
    public int Shards { get; init; }

    /// <summary>Client calls that may be under way on this node; more are refused as overloaded.</summary>
    public int PendingRequestsMax { get; init; } = 16_384;

    /// <summary>A bug planted on purpose.</summary>
    internal NodeMutant Mutant { get; init; }

    /// <summary>The longest encoded command in bytes: a frame must hold it.</summary>
    public int CommandBytesMax => Transport.MaxMessageSize - 2048;

    /// <summary>Throws where a value can't be used, naming the key.</summary>
    /// <exception cref="InvalidConfigurationException">One can't.</exception>
    public void Validate()
    {
        Require(IsName(Name), $"node_id '{Name}' must be 1 to {NameLengthMax} letters, digits, dots, dashes or underscores");
        Require(!string.IsNullOrWhiteSpace(ClusterLabel), "cluster_id must not be empty");
        Require(IsAddress(PeerAddress), $"the advertised address '{PeerAddress}' must be host:port");
        Require(Shards >= 0, "the number of shards must not be negative");
        Require(PendingRequestsMax >= 1, "the number of pending requests must be at least 1");
        for (int i = 0; i < Peers.Count; i++)
        {
            PeerAddress peer = Peers[i];
            Require(IsName(peer.Name), $"peers[{i}].id '{peer.Name}' must be 1 to {NameLengthMax} letters, digits, dots, dashes or underscores");
            Require(IsAddress(peer.Address), $"peers[{i}] ('{peer.Name}'): the address '{peer.Address}' must be host:port");
            for (int other = 0; other < i; other++)
            {
                Require(Peers[other].Name != peer.Name, $"peers[{i}] and peers[{other}] have the same id '{peer.Name}'");
                Require(Peers[other].Address != peer.Address, $"peers[{i}] and peers[{other}] have the same address {peer.Address}");
            }
        }

        Raft.Validate();
        Storage.Validate();
        Transport.Validate();
    }

    internal static void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new InvalidConfigurationException($"Invalid configuration: {sentence}.");
    }

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= NameLengthMax } && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether a text is host:port.</summary>
    internal static bool IsAddress(string? address)
    {
        int colon = address?.LastIndexOf(':') ?? -1;
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), out ushort port) && port > 0;
    }
}
