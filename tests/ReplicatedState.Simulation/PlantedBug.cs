using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Simulation;

/// <summary>A known bug that can be put back, in a core or in the node around the cores.</summary>
/// <param name="Core">Where it is one of the core; else none.</param>
/// <param name="Node">Where it is one of the node; else none.</param>
/// <param name="Trap">The number of its trap in docs/traps.md.</param>
/// <param name="What">What goes wrong.</param>
internal sealed record PlantedBug(CoreMutant Core, NodeMutant Node, string Trap, string What)
{
    public string Name => Core == CoreMutant.None ? Node.ToString() : Core.ToString();

    /// <summary>The swarm that can notice it.</summary>
    public SimulationLevel Level => Core == CoreMutant.None ? SimulationLevel.Node : SimulationLevel.Core;
}
