namespace ReplicatedState.Consensus;

/// <summary>What a node believes about leadership; never persisted.</summary>
public readonly record struct SoftState(RaftRole Role, ulong Term, RaftId Leader);
