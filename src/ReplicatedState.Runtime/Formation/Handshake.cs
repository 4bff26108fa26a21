using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>What this node says of itself when a stream is opened, and whether it wants to talk to who answers. Any thread.</summary>
internal sealed class Handshake(NodeContext node)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<RaftId, Greeting> _heard = [];
    private readonly Dictionary<string, Greeting> _wiped = new(StringComparer.Ordinal);
    private readonly string[] _peerNames = [.. node.Options.Peers.Select(static peer => peer.Name).Order(StringComparer.Ordinal)];

    /// <summary>The latest greeting of every node that was accepted, in the order of their ids.</summary>
    public IReadOnlyList<Greeting> Heard
    {
        get
        {
            lock (_gate)
                return [.. _heard.Values];
        }
    }

    /// <summary>
    /// Members that this node knows from their own word alone: they have the cluster's identity, which is given to recorded nodes only, so it is this node's records that are behind. Whoever
    /// leads may be among them, and then nobody else brings the records up to date.
    /// </summary>
    public List<Greeting> NotRecordedYet(SystemState cluster)
    {
        var members = new List<Greeting>();
        if (node.Identity.ClusterGuid is not { } own)
            return members;
        lock (_gate)
        {
            foreach (Greeting heard in _heard.Values)
            {
                if (heard.Cluster == own && !cluster.Members.ContainsKey(heard.Node) && !cluster.Removed.Contains(heard.Node))
                    members.Add(heard);
            }
        }

        return members;
    }

    /// <summary>The last node that came under a member's name with another id, and was refused for it; null where none did.</summary>
    public Greeting? WipedNamed(string name)
    {
        lock (_gate)
            return _wiped.GetValueOrDefault(name);
    }

    /// <summary>The configured members, sorted: formation asks whether all nodes were told the same.</summary>
    public IReadOnlyList<string> PeerNames => _peerNames;

    /// <summary>What this node says of itself now.</summary>
    public Greeting Own(string? refusal = null)
    {
        NodeIdentity identity = node.Identity;
        return new Greeting(
            identity.ClusterGuid,
            identity.Epoch,
            identity.RaftId,
            node.Options.ClusterLabel,
            node.Options.Name,
            node.Options.PeerAddress,
            node.Options.HttpAddress,
            FrameHeader.VersionMin,
            FrameHeader.VersionMax,
            _peerNames,
            [.. node.Machines.Select(static machine => machine.Definition.Manifest).Select(static manifest => new MachineVersion(manifest.Name, manifest.Version, manifest.SchemaHash))],
            refusal);
    }

    /// <summary>Why this node doesn't want to talk to the other; null where it does.</summary>
    public string? Judge(Greeting other)
    {
        NodeIdentity identity = node.Identity;
        if (other.Node == identity.RaftId)
            return $"Node '{other.Name}' has the RaftId {other.Node} of this node: an address of the configuration leads back here, or a data directory was copied.";
        if (!NodeOptions.IsAddress(other.PeerAddress))
            return $"Node '{other.Name}' says that it is reached at '{other.PeerAddress}', which is no address.";
        if (other.ClusterLabel != node.Options.ClusterLabel)
            return $"ClusterMismatch: node '{other.Name}' belongs to the cluster '{other.ClusterLabel}', this node '{node.Options.Name}' to '{node.Options.ClusterLabel}' (cluster_id).";
        if (other.WireMax < FrameHeader.VersionMin || other.WireMin > FrameHeader.VersionMax)
            return $"ClusterMismatch: node '{other.Name}' speaks versions {other.WireMin} to {other.WireMax} of the wire, this node {FrameHeader.VersionMin} to {FrameHeader.VersionMax}. Upgrade one step at a time.";
        if (identity.ClusterGuid is { } own && other.Cluster is { } theirs)
        {
            if (own != theirs)
                return $"ClusterMismatch: node '{other.Name}' belongs to the cluster {theirs}, this node '{node.Options.Name}' to {own}; both are labelled '{other.ClusterLabel}'.";
            if (identity.Epoch != other.Epoch)
                return $"ClusterMismatch: the cluster was recovered by force; node '{other.Name}' is of epoch {other.Epoch}, this node '{node.Options.Name}' of epoch {identity.Epoch}. Empty the data directory of the older one and let it join again.";
        }

        return JudgeName(other);
    }

    /// <summary>Remembers what an accepted node said.</summary>
    public void Remember(Greeting other)
    {
        lock (_gate)
            _heard[other.Node] = other;
    }

    /// <summary>
    /// A known name with a new id, and without a cluster, is a directory that was wiped: it forgot what it promised, so it must not count as who it was. With this cluster's identity it was
    /// readmitted, and this node hasn't heard of that yet.
    /// </summary>
    private string? JudgeName(Greeting other)
    {
        if (node.Cluster.Removed.Contains(other.Node))
            return $"Removed: node '{other.Name}' with the RaftId {other.Node} was removed from the cluster. Empty its data directory and add it as a new one.";
        Member? namesake = node.Cluster.MemberNamed(other.Name);
        if (namesake is not null && namesake.Id != other.Node && !node.Cluster.Members.ContainsKey(other.Node) && other.Cluster is null)
        {
            lock (_gate)
                _wiped[other.Name] = other;
            return $"WipedNode: node '{other.Name}' is known with the RaftId {namesake.Id}, and comes with {other.Node}: its data directory was wiped or replaced. "
                + $"It may have acknowledged what it no longer has. Readmit it through any other node: IClusterAdmin.ReplaceMemberAsync(\"{other.Name}\").";
        }

        return null;
    }
}
