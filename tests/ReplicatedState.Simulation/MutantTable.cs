using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Testing.Exhaustive;

namespace ReplicatedState.Simulation;

/// <summary>Looks for every planted bug by swarm and by exhaustive search, and prints the rows of the table in docs/verification.md.</summary>
internal static class MutantTable
{
    /// <summary>Prints; 0 where each was caught by one or the other.</summary>
    public static int Print(CommandLine command)
    {
        int caught = 0;
        Console.WriteLine("| bug | trap | swarm: by, after seeds | exhaustive: by, after states |");
        Console.WriteLine("|---|---|---|---|");
        foreach (CoreMutant mutant in PlantedBugs.All)
        {
            MutantHunt hunt = MutantHunt.Run(mutant, command.From, command.Seeds, command.Threads);
            string swarm = hunt.Caught is null ? $"not in {hunt.Seeds}" : $"{hunt.Invariant}, {hunt.Seeds}";
            (string? violation, int states) = Search(mutant);
            string search = violation is null ? $"not in {Thousands(states)}" : $"{violation[..violation.IndexOf(':', StringComparison.Ordinal)]}, {Thousands(states)}";
            caught += hunt.Caught is not null || violation is not null ? 1 : 0;
            Console.WriteLine($"| `{mutant}` | {PlantedBugs.About(mutant).Trap} | {swarm} | {search} |");
        }

        Console.WriteLine($"mutants: {PlantedBugs.All.Count} caught: {caught}");
        return caught == PlantedBugs.All.Count ? 0 : 1;
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
