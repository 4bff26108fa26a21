using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Testing.Exhaustive;

namespace ReplicatedState.Simulation;

/// <summary>Looks for every planted bug of a level by swarm, for those of cores by exhaustive search too, and prints the rows of the tables in docs/verification.md.</summary>
internal static class MutantTable
{
    /// <summary>Prints; 0 where each was caught by one or the other.</summary>
    public static int Print(CommandLine command)
    {
        bool areInCores = command.Level == SimulationLevel.Core;
        PlantedBug[] bugs = [.. PlantedBugs.Of(command.Level)];
        int caught = 0;
        Console.WriteLine(areInCores ? "| bug | trap | swarm: by, after seeds | exhaustive: by, after states |" : "| bug | trap | swarm of nodes: by, after seeds |");
        Console.WriteLine(areInCores ? "|---|---|---|---|" : "|---|---|---|");
        foreach (PlantedBug bug in bugs)
        {
            MutantHunt hunt = MutantHunt.Run(bug, command.From, command.Seeds, command.Threads);
            string swarm = hunt.Caught is null ? $"not in {Thousands(hunt.Seeds)}" : $"{hunt.Invariant}, {Thousands(hunt.Seeds)}";
            (string? violation, int states) = areInCores ? Search(bug.Core) : (null, 0);
            string search = violation is null ? $"not in {Thousands(states)}" : $"{violation[..violation.IndexOf(':', StringComparison.Ordinal)]}, {Thousands(states)}";
            caught += hunt.Caught is not null || violation is not null ? 1 : 0;
            Console.WriteLine($"| `{bug.Name}` | {bug.Trap} | {swarm} |{(areInCores ? $" {search} |" : "")}");
        }

        Console.WriteLine($"mutants: {bugs.Length} caught: {caught}");
        return caught == bugs.Length ? 0 : 1;
    }

    private static (string? Violation, int States) Search(CoreMutant mutant)
    {
        int states = 0;
        foreach ((ExhaustiveBounds bounds, int statesMax) in ExhaustivePlan.EveryRun)
        {
            ExhaustiveResult result = new ExhaustiveSearch(bounds, mutant).Run(statesMax);
            states += result.States;
            if (result.Violation is not null)
                return (result.Violation, states);
        }

        return (null, states);
    }

    private static string Thousands(int number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
