using ReplicatedState.Runtime.Options;
using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>Queries of every consistency in the swarm of whole nodes: what a node that answers too early would show is noticed.</summary>
public sealed class NodeReadSwarmTests
{
    private const int SeedsMax = 200;

    [Theory]
    [InlineData(nameof(NodeMutant.SessionReadDoesNotWait))]
    [InlineData(nameof(NodeMutant.LeaseIsAssumed))]
    [InlineData(nameof(NodeMutant.FreshByHeartbeat))]
    public void A_node_that_answers_too_early_is_caught(string bug)
    {
        NodeMutant mutant = Enum.Parse<NodeMutant>(bug);

        SimulationResult? caught = Enumerable.Range(1, SeedsMax)
            .Select(seed => NodeSimulation.Run((ulong)seed, options => Divided(options) with { Mutant = mutant }))
            .FirstOrDefault(result => result.Violation is not null);

        Assert.True(caught is not null, $"{mutant} was not caught in {SeedsMax} seeds.");
        Assert.StartsWith("I10", caught.Violation, StringComparison.Ordinal);
        Assert.Null(NodeSimulation.Run(caught.Seed, Divided).Violation);
    }

    private static NodeSimulationOptions Divided(NodeSimulationOptions options) => options with { Nodes = 3, Faults = options.Faults.With(FaultKind.Partition, 1_000_000) };
}
