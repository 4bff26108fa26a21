namespace ReplicatedState.Consensus;

/// <summary>An assertion of the consensus core failed. The replica must stop: it can't be sure of anything it would say.</summary>
public sealed class InvariantViolationException(string sentence) : Exception($"Invariant violated: {sentence}.");
