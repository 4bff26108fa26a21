using ReplicatedState.Testing;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>A first handful of seeds of the swarm; thousands are run by the program beside these tests.</summary>
public sealed class CoreSwarmTests
{
    private const int Seeds = 150;

    [Fact]
    public void Clusters_of_cores_keep_every_invariant_and_become_whole_again()
    {
        var violations = new List<string>();
        ulong committed = 0;
        int elections = 0;
        int reconfigurations = 0;
        new SeedRunner(first: 1, Seeds, Environment.ProcessorCount, seed => CoreSimulation.Run(seed)).RunAll(result =>
        {
            committed += result.Committed;
            elections += result.Elections;
            reconfigurations += result.Reconfigurations;
            if (result.Violation is not null)
                violations.Add($"seed {result.Seed}: {result.Violation}");
        });
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        Assert.True(committed > Seeds * 100UL, $"the clusters worked: {committed} entries committed");
        Assert.True(elections > Seeds * 2, $"and were disturbed: {elections} elections");
        Assert.True(reconfigurations > Seeds, $"and changed: {reconfigurations} changes of members");
    }

    [Fact]
    public void A_seed_is_the_same_run_every_time()
    {
        for (ulong seed = 1; seed <= 5; seed++)
            Assert.Equal(CoreSimulation.Run(seed), CoreSimulation.Run(seed));
    }

    [Fact]
    public void Different_seeds_are_different_runs()
    {
        HashSet<TraceHash> traces = [.. Enumerable.Range(1, 10).Select(seed => CoreSimulation.Run((ulong)seed).Trace)];
        Assert.Equal(10, traces.Count);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        Assert.Equal(ResultsOn(threads: 1), ResultsOn(threads: 4));

        static List<SimulationResult> ResultsOn(int threads)
        {
            var results = new List<SimulationResult>();
            new SeedRunner(first: 100, count: 8, threads, seed => CoreSimulation.Run(seed)).RunAll(results.Add);
            return results;
        }
    }
}
