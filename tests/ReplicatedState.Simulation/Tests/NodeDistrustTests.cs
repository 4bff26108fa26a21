using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>A state that goes wrong on one replica, and a disk that goes back in time, among other faults.</summary>
public sealed class NodeDistrustTests
{
    private static readonly NodeFaults Others = NodeFaults.None
        .With(FaultKind.PowerCut, 5_000_000)
        .With(FaultKind.Partition, 6_000_000)
        .With(FaultKind.BrokenStream, 3_000_000)
        .With(FaultKind.ProcessKill, 8_000_000);

    [Fact]
    public void A_replica_whose_state_goes_wrong_is_found_soon_and_right_again_in_the_end() => HappensAndBreaksNothing(FaultKind.Divergence, SimulatedFault.DivergedState);

    [Fact]
    public void A_node_on_an_old_backup_is_told_and_never_comes_back_on_that_disk() => HappensAndBreaksNothing(FaultKind.RestoredBackup, SimulatedFault.RestoredBackup);

    private static void HappensAndBreaksNothing(FaultKind kind, SimulatedFault expected)
    {
        var counts = new FaultCounts();
        for (ulong seed = 1; seed <= 6; seed++)
        {
            SimulationResult result = NodeSimulation.Run(seed, options => options with { Nodes = seed % 3 == 0 ? 5 : 3, UsesJournal = true, Faults = Others.With(kind, 4_000_000) });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            counts.Add(result.Faults!);
        }

        Assert.True(counts[expected] > 0, $"{expected} never happened: {counts}");
    }
}
