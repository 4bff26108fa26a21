namespace ReplicatedState.Testing.Histories;

/// <summary>What <see cref="IndexOrderedValidator"/> found.</summary>
/// <param name="Verdict">Linearizable in the order of the log; not; or undecided, where operations of unknown outcome may be what the log's order lacks.</param>
/// <param name="Operations">Operations that were replayed.</param>
/// <param name="Explanation">Why, in a sentence; null where the history is linearizable.</param>
public sealed record IndexOrderCheck(HistoryVerdict Verdict, int Operations, string? Explanation);
