namespace ReplicatedState.Consensus;

/// <summary>Identifies one read request. Never reused, also not by a retry: a delayed answer must not match a later question.</summary>
/// <param name="Origin">The node that asked.</param>
/// <param name="BootId">A number that the node drew at its start.</param>
/// <param name="Sequence">Counts up within that start.</param>
public readonly record struct ReadContext(RaftId Origin, ulong BootId, ulong Sequence);
