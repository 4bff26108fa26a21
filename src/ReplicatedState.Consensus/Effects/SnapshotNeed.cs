namespace ReplicatedState.Consensus;

/// <summary>A follower whose next entry the log no longer holds.</summary>
/// <param name="Follower">Who needs it.</param>
/// <param name="AtLeast">The snapshot must reach this index: the last one that compaction has removed.</param>
public readonly record struct SnapshotNeed(RaftId Follower, ulong AtLeast);
