namespace ReplicatedState.Consensus;

/// <summary>The hash of a replica's state machine at one index. Carried for the owners of the cores; no core looks at it.</summary>
/// <param name="Index">The last entry that the hash covers; 0 where there is none.</param>
/// <param name="Hash">Equal on all replicas at equal index, or one of them has diverged.</param>
public readonly record struct HashCheckpoint(ulong Index, UInt128 Hash);
