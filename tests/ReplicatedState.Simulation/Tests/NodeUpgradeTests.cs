using ReplicatedState.Runtime.Options;
using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>Rolling upgrades of a machine's version among other faults.</summary>
public sealed class NodeUpgradeTests
{
    private const int Seeds = 8;
    private const int BugSeedsMax = 30;

    private static readonly NodeFaults Others = NodeFaults.None
        .With(FaultKind.PowerCut, 5_000_000)
        .With(FaultKind.Partition, 6_000_000)
        .With(FaultKind.BrokenStream, 3_000_000)
        .With(FaultKind.ProcessKill, 8_000_000);

    [Fact]
    public void Nodes_are_upgraded_and_rolled_back_and_old_binaries_halt_while_nothing_else_changes()
    {
        var counts = new FaultCounts();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            SimulationResult result = NodeSimulation.Run(seed, options => Upgrading(options, seed));
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            counts.Add(result.Faults!);
        }

        Assert.All(
            [SimulatedFault.BinaryUpgraded, SimulatedFault.BinaryRolledBack, SimulatedFault.VersionActivated, SimulatedFault.OldBinaryHalted],
            fault => Assert.True(counts[fault] > 0, $"{fault} never happened: {counts}"));
    }

    [Fact]
    public void An_upgrade_is_the_same_run_every_time() =>
        Assert.Equal(NodeSimulation.Run(3, options => Upgrading(options, 3)), NodeSimulation.Run(3, options => Upgrading(options, 3)));

    [Fact]
    public void A_machine_that_executes_by_its_binarys_version_is_caught()
    {
        SimulationResult? caught = Enumerable.Range(1, BugSeedsMax)
            .Select(seed => NodeSimulation.Run((ulong)seed, options => Upgrading(options, (ulong)seed) with { Mutant = NodeMutant.VersionFromBinary }))
            .FirstOrDefault(result => result.Violation is not null);

        Assert.True(caught is not null, $"It was not caught in {BugSeedsMax} seeds.");
        Assert.Matches("I6:|I7:|I10:|version:", caught.Violation);
        Assert.Null(NodeSimulation.Run(caught.Seed, options => Upgrading(options, caught.Seed)).Violation);
    }

    private static NodeSimulationOptions Upgrading(NodeSimulationOptions options, ulong seed) =>
        options with { Nodes = seed % 3 == 0 ? 5 : 3, Faults = Others.With(FaultKind.VersionUpgrade, 1_000_000, (int)(seed % 2)) };
}
