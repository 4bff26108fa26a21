using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing.Histories;

/// <summary>How far a check may go: deciding linearizability is NP-complete (Gibbons and Korach 1997), so some history exhausts any budget.</summary>
public sealed record CheckBudget
{
    /// <summary>States that may be explored for one key. The same history and number give the same verdict on any machine. About 100 bytes of memory a state.</summary>
    public long StatesMax { get; init; } = 5_000_000;

    /// <summary>A limit on time as well, in milliseconds for the whole check; needs a <see cref="Clock"/>. Null for none.</summary>
    public long? MillisecondsMax { get; init; }

    /// <summary>What <see cref="MillisecondsMax"/> is measured with.</summary>
    public IClock? Clock { get; init; }
}
