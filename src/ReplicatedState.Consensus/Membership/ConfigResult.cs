namespace ReplicatedState.Consensus;

/// <summary>The answer to a change of members.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="ConfigIndex">The index of the configuration in force now: the new one's where it was accepted, else what to compare the next attempt with.</param>
/// <param name="Term">Accepted: the term of its entry. The change is committed where an entry of that term is committed at that index.</param>
/// <param name="Leader">NotLeader: who leads, as far as known.</param>
/// <param name="Reason">Refused: why.</param>
public readonly record struct ConfigResult(ConfigOutcome Outcome, ulong ConfigIndex, ulong Term, RaftId Leader, ConfigRefusal Reason);
