namespace ReplicatedState.Consensus;

/// <summary>One transition of a core.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Group">To which group.</param>
/// <param name="Node">On which node.</param>
/// <param name="Term">In which term.</param>
/// <param name="Peer">With whom, where somebody else took part.</param>
/// <param name="Position">Where in the log, where it matters.</param>
public readonly record struct Transition(TransitionKind Kind, GroupId Group, RaftId Node, ulong Term, RaftId Peer, LogPosition Position);
