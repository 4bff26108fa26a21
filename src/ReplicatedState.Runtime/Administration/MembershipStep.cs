using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Administration;

/// <summary>What a group's leader is told to follow.</summary>
/// <param name="Cluster">The cluster's records.</param>
/// <param name="MayFinish">Whether the last step may be taken.</param>
internal sealed record MembershipStep(SystemState Cluster, bool MayFinish);
