namespace ReplicatedState.Chaos.Cluster;

/// <summary>The cluster didn't do what it must in time, or a node ended by itself; the message says what.</summary>
internal sealed class ChaosFailedException(string message) : Exception(message);
