using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Testing;

/// <summary>What a simulated cluster did in one run in which all held.</summary>
/// <param name="Seed">Which run.</param>
/// <param name="Trace">A hash of everything that happened: equal for the same seed, the same machine and the same clients, on any computer.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Calls">Calls of clients.</param>
/// <param name="Answered">Calls that the machine answered, with a result or a refusal of its own; all of them were checked.</param>
/// <param name="Refused">Calls that certainly weren't executed. Of the rest nobody told the clients.</param>
/// <param name="Faults">What went wrong, and how often.</param>
public sealed record ClusterRun(ulong Seed, TraceHash Trace, long Events, int Calls, int Answered, int Refused, FaultCounts Faults);
