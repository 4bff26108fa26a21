using ReplicatedState.Runtime.Options;
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

    [Fact]
    public void Where_nobody_can_tell_who_is_right_all_say_so_and_an_operator_decides() => StandsOff(NodeMutant.None);

    [Fact]
    public void Counting_a_replica_in_quarantine_is_found() => StandsOff(NodeMutant.QuarantinedCounted);

    private static void StandsOff(NodeMutant mutant)
    {
        var counts = new FaultCounts();
        int violations = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            SimulationResult result = NodeSimulation.Run(seed, options => options with { Nodes = 3, Clients = 3, ThinkUs = 20_000, Mutant = mutant, Faults = Others.With(FaultKind.Standoff, 4_000_000) });
            Assert.True(result.Violation is null || (mutant != NodeMutant.None && result.Violation.StartsWith("I6", StringComparison.Ordinal)), $"seed {seed}: {result.Violation}");
            violations += result.Violation is null ? 0 : 1;
            counts.Add(result.Faults!);
        }

        Assert.Equal(mutant != NodeMutant.None, violations > 0);
        Assert.Equal(mutant == NodeMutant.None, counts[SimulatedFault.Standoff] > 0);
    }

    [Fact]
    public void Hashes_of_different_indexes_that_are_compared_are_found_as_doubts_that_nothing_speaks_for()
    {
        SimulationResult result = NodeSimulation.Run(1, options => options with { Nodes = 3, Faults = NodeFaults.None, Mutant = NodeMutant.IndexesMixedUp });
        Assert.StartsWith("I7", result.Violation, StringComparison.Ordinal);
        Assert.Contains("apply hash differs", result.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_that_doubts_itself_before_the_wrong_one_is_looked_at_breaks_nothing()
    {
        // Hashes are compared several times between two looks, so that doubt and its cause often come within the same; whoever is looked at first may be the one that doubts.
        GoesWrongAndBreaksNothing(seeds: 12, options => options with
        {
            HeartbeatMs = 5,
            ElectionMsMin = 25,
            ElectionMsMax = 50,
            Network = new NetworkFaults { DelayUsMin = 100, DelayUsMax = 200 },
            TrailingLogs = 0,
            SlowPerMille = 0,
            Clients = 5,
            FaultyUs = 12_000_000,
            Faults = NodeFaults.None.With(FaultKind.Divergence, 3_000_000),
        });
    }

    [Fact]
    public void A_wrong_state_that_ends_with_its_process_is_not_held_against_the_next_one()
    {
        // A voter that is heard late leaves the wrong one in doubt, which no restart remembers; the process that is killed then had the wrong state in memory only.
        GoesWrongAndBreaksNothing(seeds: 12, options => options with
        {
            HeartbeatMs = 100,
            ElectionMsMin = 500,
            ElectionMsMax = 1_000,
            Network = new NetworkFaults { DelayUsMin = 100, DelayUsMax = 2_000, LatePerMille = 30, LateUsMax = 1_000_000 },
            Clients = 3,
            FaultyUs = 20_000_000,
            Faults = NodeFaults.None.With(FaultKind.Divergence, 3_000_000).With(FaultKind.ProcessKill, 2_000_000),
        });
    }

    private static void GoesWrongAndBreaksNothing(ulong seeds, Func<NodeSimulationOptions, NodeSimulationOptions> adjust)
    {
        var counts = new FaultCounts();
        for (ulong seed = 1; seed <= seeds; seed++)
        {
            SimulationResult result = NodeSimulation.Run(seed, options => adjust(options with { Nodes = 3, UsesJournal = true, LeasePromiseMs = 0, ThinkUs = 20_000 }));
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            counts.Add(result.Faults!);
        }

        Assert.True(counts[SimulatedFault.DivergedState] >= (long)seeds / 2, $"too seldom: {counts}");
    }

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
