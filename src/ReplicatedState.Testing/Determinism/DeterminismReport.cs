namespace ReplicatedState.Testing;

/// <summary>What a <see cref="DeterminismProbe{TMachine}"/> did without finding a difference.</summary>
/// <param name="Commands">Commands that were executed in each way.</param>
/// <param name="Queries">Queries that were answered in each way.</param>
/// <param name="Ways">How they were executed again, in words.</param>
public sealed record DeterminismReport(int Commands, int Queries, IReadOnlyList<string> Ways);
