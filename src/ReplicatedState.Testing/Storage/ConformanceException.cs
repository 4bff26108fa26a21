namespace ReplicatedState.Testing;

/// <summary>A store doesn't do what its contract says.</summary>
public sealed class ConformanceException(string message) : Exception(message);
