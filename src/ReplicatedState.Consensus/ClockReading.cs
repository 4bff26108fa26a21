namespace ReplicatedState.Consensus;

/// <summary>The clocks of the node as its shell reads them for the core.</summary>
/// <param name="WallMs">Unix milliseconds; may jump.</param>
/// <param name="MonotonicMs">Milliseconds since some start; never goes back.</param>
public readonly record struct ClockReading(long WallMs, long MonotonicMs);
