namespace ReplicatedState.Consensus;

/// <summary>What must survive a crash besides the log.</summary>
/// <param name="Term">The latest term seen.</param>
/// <param name="Vote">Who got this node's vote in that term.</param>
/// <param name="Commit">A lower bound of the commit index: written along with whatever else is synced, never synced for its own sake.</param>
public readonly record struct HardState(ulong Term, RaftId Vote, ulong Commit);
