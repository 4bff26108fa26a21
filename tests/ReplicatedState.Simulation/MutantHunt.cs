using ReplicatedState.Testing;
using ReplicatedState.Testing.CoreLevel;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation;

/// <summary>Looks for the first seed in which the swarm notices a planted bug.</summary>
/// <param name="Seeds">How many seeds it took, or all of them where it wasn't found.</param>
/// <param name="Caught">The run that broke a promise; null where none did.</param>
internal sealed record MutantHunt(int Seeds, SimulationResult? Caught)
{
    /// <summary>The promise that was broken: the part of the violation before the colon.</summary>
    public string Invariant => Caught?.Violation is { } violation ? violation[..violation.IndexOf(':', StringComparison.Ordinal)] : "";

    /// <summary>Runs seeds in order until one is caught. A seed that breaks a promise without the bug too is no catch, and ends the hunt with an exception.</summary>
    /// <exception cref="InvalidOperationException">The simulator, or the core as it should be, fails in that seed.</exception>
    public static MutantHunt Run(PlantedBug bug, ulong from, int seeds, int threads, Action<int>? onProgress = null)
    {
        int done = 0;
        SimulationResult? caught = null;
        new SeedRunner(from, seeds, threads, seed => RunWith(bug, seed)).RunUntil(result =>
        {
            done++;
            onProgress?.Invoke(done);
            caught = result.Violation is null ? null : result;
            return caught is not null;
        });
        if (caught is not null && RunWithout(bug, caught.Seed).Violation is { } withoutIt)
            throw new InvalidOperationException($"seed {caught.Seed} breaks a promise without the planted bug too: {withoutIt}");
        return new MutantHunt(done, caught);
    }

    private static SimulationResult RunWith(PlantedBug bug, ulong seed) => bug.Level == SimulationLevel.Core
        ? CoreSimulation.Run(seed, options => options with { Core = options.Core with { Mutant = bug.Core } })
        : NodeSimulation.Run(seed, options => options with { Mutant = bug.Node });

    private static SimulationResult RunWithout(PlantedBug bug, ulong seed) => bug.Level == SimulationLevel.Core ? CoreSimulation.Run(seed) : NodeSimulation.Run(seed);
}
