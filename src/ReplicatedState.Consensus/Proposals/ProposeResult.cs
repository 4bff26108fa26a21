namespace ReplicatedState.Consensus;

/// <summary>The answer to a batch of proposals: all of it was appended, or none.</summary>
/// <param name="Outcome">Which.</param>
/// <param name="FirstIndex">Accepted: the index of the batch's first entry; the others follow.</param>
/// <param name="Term">Accepted: the term of all of them.</param>
/// <param name="Leader">NotLeader: who leads, as far as known.</param>
/// <param name="Reason">Busy: which cap.</param>
public readonly record struct ProposeResult(ProposeOutcome Outcome, ulong FirstIndex, ulong Term, RaftId Leader, BusyReason Reason);
