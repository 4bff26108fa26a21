namespace ReplicatedState.Consensus;

/// <summary>This node holds less than it acknowledged in this term: its disk went back in time. It takes part in nothing any more, and must not after a restart either.</summary>
/// <param name="Leader">Who remembers.</param>
/// <param name="Acknowledged">The index up to which this node said that its disk had everything.</param>
/// <param name="Last">The last index that is there.</param>
public readonly record struct LostEntries(RaftId Leader, ulong Acknowledged, ulong Last);
