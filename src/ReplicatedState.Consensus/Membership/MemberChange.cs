namespace ReplicatedState.Consensus;

/// <summary>What one node is to become. A node of id 0 is nobody, and naming it changes nothing.</summary>
public readonly record struct MemberChange(RaftId Node, MemberRole Role);
