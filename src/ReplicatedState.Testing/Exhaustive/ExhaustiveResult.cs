namespace ReplicatedState.Testing.Exhaustive;

/// <summary>What a search has found.</summary>
/// <param name="Bounds">Within which bounds it searched.</param>
/// <param name="States">Distinct states that it visited.</param>
/// <param name="Steps">Steps that it tried between them.</param>
/// <param name="Depth">The longest schedule that it tried.</param>
/// <param name="IsExhausted">Whether every state within the bounds was visited.</param>
/// <param name="Violation">The promise that was broken; null where all held.</param>
/// <param name="Schedule">The steps that broke it, in words: no shorter schedule within the bounds breaks any.</param>
internal sealed record ExhaustiveResult(
    ExhaustiveBounds Bounds,
    int States,
    long Steps,
    int Depth,
    bool IsExhausted,
    string? Violation,
    IReadOnlyList<string> Schedule);
