using ReplicatedState.Chaos.Faults;

namespace ReplicatedState.Chaos;

/// <summary>What a run is asked for.</summary>
/// <param name="Seconds">How long faults are inflicted.</param>
/// <param name="Faults">Which.</param>
/// <param name="History">Where the history is written.</param>
/// <param name="Nodes">How many nodes, 3 or more.</param>
/// <param name="Clients">How many clients, each with one call at a time.</param>
/// <param name="Seed">What is drawn, and in which order; when it takes effect is up to the machine, so that a seed doesn't replay a run.</param>
internal sealed record ChaosOptions(int Seconds, IReadOnlyList<FaultKind> Faults, string History, int Nodes, int Clients, int Seed);
