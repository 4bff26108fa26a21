namespace ReplicatedState.Testing;

/// <summary>A simulated run broke a promise.</summary>
/// <param name="invariant">Which: I1 to I20 of the design, "liveness", or "leak".</param>
/// <param name="sentence">What was seen.</param>
public sealed class SimulationViolationException(string invariant, string sentence) : Exception($"{invariant}: {sentence}")
{
    /// <summary>Which promise.</summary>
    public string Invariant { get; } = invariant;
}
