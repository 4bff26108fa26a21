using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>A first handful of seeds of whole nodes; hundreds are run by the program beside these tests.</summary>
public sealed class NodeSwarmTests
{
    private const int Seeds = 12;

    [Fact]
    public void Whole_nodes_lose_nothing_do_nothing_twice_and_become_whole_again()
    {
        var violations = new List<string>();
        ulong acknowledged = 0;
        int starts = 0;
        long handOvers = 0;
        long slowAside = 0;
        long slowOnShard = 0;
        long installed = 0;
        int operations = 0;
        new SeedRunner(first: 1, Seeds, Environment.ProcessorCount, seed => NodeSimulation.Run(seed)).RunAll(result =>
        {
            acknowledged += result.Committed;
            starts += result.Elections;
            handOvers += result.HandOvers;
            slowAside += result.SlowCommandsAside;
            slowOnShard += result.SlowCommandsOnShard;
            installed += result.SnapshotsInstalled;
            operations += result.OperationsChecked;
            if (result.Violation is not null)
                violations.Add($"seed {result.Seed}: {result.Violation}");
        });
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        Assert.True(acknowledged > Seeds * 50UL, $"clients got work done: {acknowledged} commands");
        Assert.True(starts > Seeds * 4, $"and nodes were restarted: {starts} starts");
        Assert.True(handOvers > Seeds * 100, $"and machines left their shards: {handOvers} times");
        Assert.True(slowAside > 4 * slowOnShard, $"and slow commands ran there: {slowAside}, and {slowOnShard} on shards");
        Assert.True(installed > 0, $"and snapshots were installed: {installed}");
        Assert.True(operations > (int)acknowledged, $"and the histories of all were checked: {operations} operations");
    }

    [Fact]
    public void A_seed_of_whole_nodes_is_the_same_run_every_time()
    {
        for (ulong seed = 20; seed <= 21; seed++)
            Assert.Equal(NodeSimulation.Run(seed), NodeSimulation.Run(seed));
    }

    [Fact]
    public void Acknowledging_before_the_sync_is_found_out_by_power_cuts() =>
        Assert.Matches("I1:|I6:|I10:|node:|I11:", FirstFind(options => options with { SyncWrites = false, Faults = options.Faults.With(FaultKind.PowerCut, 800_000) }));

    [Fact]
    public void Retrying_without_a_session_is_found_out_as_commands_done_twice() =>
        Assert.Contains("I10", FirstFind(options => options with { UseSessions = false, Faults = options.Faults.With(FaultKind.PowerCut, 800_000) }), StringComparison.Ordinal);

    private static string FirstFind(Func<NodeSimulationOptions, NodeSimulationOptions> plant)
    {
        const ulong SeedsMax = 30;
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            if (NodeSimulation.Run(seed, plant).Violation is { } violation)
                return violation;
        }

        throw new Xunit.Sdk.XunitException($"Not found within {SeedsMax} seeds.");
    }
}
