namespace ReplicatedState.Testing;

/// <summary>Whole clusters on virtual time, around your own machine: real nodes with their consensus, storage, sessions and snapshots, and everything that can go wrong.</summary>
public static class SimulatedCluster
{
    /// <summary>A cluster of three nodes that host this machine, without clients and faults.</summary>
    /// <typeparam name="TMachine">The class with <see cref="ReplicatedStateMachineAttribute"/>.</typeparam>
    public static SimulatedCluster<TMachine> Of<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine> => new();

    /// <summary>Consecutive seeds, for <see cref="SimulatedCluster{TMachine}.RunAsync(IEnumerable{ulong}, RunOptions?)"/>.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    public static IEnumerable<ulong> Seeds(ulong first, int count) => Enumerable.Range(0, count).Select(i => first + (ulong)i);
}
