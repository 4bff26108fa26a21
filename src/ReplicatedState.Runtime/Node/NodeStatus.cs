using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Node;

/// <summary>What a node does at the moment.</summary>
public enum NodeState : byte
{
    /// <summary>Made and not started.</summary>
    Created,

    /// <summary>Runs, and belongs to no cluster yet: waits for its peers to form one, or to be added to one.</summary>
    Waiting,

    /// <summary>Runs as a member of its cluster.</summary>
    Running,

    /// <summary>Takes no more calls and hands leadership over.</summary>
    Stopping,

    /// <summary>Stopped as asked.</summary>
    Stopped,

    /// <summary>Stopped itself rather than guess.</summary>
    Failed,
}

/// <summary>A node at a glance.</summary>
/// <param name="State">What it does.</param>
/// <param name="Identity">Who it is; null before <see cref="ReplicatedNode.Start"/>.</param>
/// <param name="ClusterLabel">The configured cluster_id.</param>
/// <param name="Failure">Why it stopped itself; null where it didn't.</param>
/// <param name="Members">The cluster's members as the node has applied them.</param>
/// <param name="Groups">Its groups, the system group first. At most a tick old.</param>
/// <param name="PendingRequests">Client calls under way.</param>
/// <param name="IsSpaceLow">Whether it refuses writes because the disk is nearly full.</param>
/// <param name="Syncs">Syncs of the log since the start.</param>
/// <param name="PersistedOperations">Operations written since the start; divided by <paramref name="Syncs"/>, what a sync carries.</param>
public sealed record NodeStatus(
    NodeState State,
    NodeIdentity? Identity,
    string ClusterLabel,
    NodeFailure? Failure,
    IReadOnlyList<MemberStatus> Members,
    IReadOnlyList<GroupStatus> Groups,
    int PendingRequests,
    bool IsSpaceLow,
    long Syncs,
    long PersistedOperations)
{
    /// <summary>Why it refuses writes for want of space, with the way out; null while there is room.</summary>
    public string? LowSpace { get; init; }

    /// <summary>Results of queries that clients are taking page by page.</summary>
    public int OpenResults { get; init; }

    /// <summary>The memory that their pages take, in bytes, those of results that are being made included.</summary>
    public long OpenResultBytes { get; init; }
}

/// <summary>One member of the cluster as a node sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its RaftId.</param>
/// <param name="PeerAddress">Where nodes and gRPC clients reach it.</param>
/// <param name="HttpAddress">Where HTTP clients reach it; may be empty.</param>
/// <param name="IsSelf">Whether it is the asked node.</param>
/// <param name="IsConnected">Whether the asked node has a stream to it; true for itself.</param>
public sealed record MemberStatus(string Name, Consensus.RaftId Id, string PeerAddress, string HttpAddress, bool IsSelf, bool IsConnected)
{
    /// <summary>The machines that its binary has, and the newest version of each, as it said when it last came.</summary>
    public IReadOnlyList<SystemGroup.MemberMachine> Machines { get; init; } = [];
}
