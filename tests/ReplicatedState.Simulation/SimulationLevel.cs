namespace ReplicatedState.Simulation;

/// <summary>What is simulated.</summary>
internal enum SimulationLevel
{
    /// <summary>Consensus cores with simulated shells: the fastest, and the one whose every step is checked.</summary>
    Core,

    /// <summary>Whole nodes: formation, sessions, apply, snapshots, the log store's and the disk's semantics.</summary>
    Node,
}
