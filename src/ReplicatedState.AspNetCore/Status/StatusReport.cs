namespace ReplicatedState.AspNetCore.Status;

/// <summary>The answer of <c>GET /consensus/status</c>, in snake case on the wire.</summary>
/// <param name="Stats">This node's replica of the only machine; of the system group where there are several.</param>
/// <param name="Cluster">The cluster as this node knows it.</param>
/// <param name="Replication">What a leader knows of the other members' replicas; empty on others.</param>
/// <param name="Groups">Every group of this node, the system group first.</param>
internal sealed record StatusReport(StatsReport Stats, ClusterReport Cluster, IReadOnlyList<ReplicationReport> Replication, IReadOnlyList<GroupReport> Groups);

/// <summary>One node's figures.</summary>
internal sealed record StatsReport(
    string NodeId,
    string ClusterId,
    string? RaftId,
    string Status,
    string? Failure,
    string Role,
    ulong Term,
    string? LeaderId,
    ulong CommitIndex,
    ulong LastApplied,
    ulong LastLogIndex,
    int ClusterSize,
    int HealthyNodes,
    bool HasQuorum,
    int PendingRequests,
    bool SpaceLow,
    string? LowSpace,
    long LogSyncs,
    long LogOperations,
    int OpenResults,
    long OpenResultBytes);

/// <summary>The members and their state.</summary>
internal sealed record ClusterReport(
    string Id,
    string? Guid,
    string? Leader,
    ulong Term,
    IReadOnlyList<MemberReport> Nodes,
    int TotalNodes,
    int ActiveNodes,
    bool HasQuorum,
    ulong CommitIndex,
    ulong LastApplied);

/// <summary>One member; <c>machine_versions</c> are the newest that its binary has, <c>status</c> is <c>active</c> where the asked node has a stream to it.</summary>
internal sealed record MemberReport(string Id, string RaftId, string Address, string HttpAddress, string Role, string Status, IReadOnlyDictionary<string, int> MachineVersions);

/// <summary>How far one follower is.</summary>
internal sealed record ReplicationReport(string PeerId, ulong NextIndex, ulong MatchIndex, ulong Lag, string State, bool RecentlyActive, string? Refusal, string? Distrust);

/// <summary>One group on this node.</summary>
internal sealed record GroupReport(
    uint Group,
    string Name,
    string Machine,
    int MachineVersion,
    int BinaryVersion,
    string Role,
    ulong Term,
    string? LeaderId,
    string? LeaderAddress,
    ulong CommitIndex,
    ulong LastApplied,
    ulong FirstLogIndex,
    ulong LastLogIndex,
    ulong SnapshotIndex,
    long SnapshotsInstalled,
    DateTimeOffset LogTime,
    string ApplyHash,
    string? StateHash,
    string? Halted,
    string? Quarantine,
    string? ClockAlarm,
    bool HasQuorum,
    IReadOnlyList<ReplicationReport> Replication);
