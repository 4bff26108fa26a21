namespace ReplicatedState.Consensus;

/// <summary>What a node found of a group on its disk.</summary>
/// <param name="HardState">Term, vote, commit.</param>
/// <param name="Applied">What the state machine has applied durably; replay starts above it. At least the snapshot's index.</param>
public readonly record struct PersistedState(HardState HardState, ulong Applied);
