using System.Globalization;
using ReplicatedState.Consensus;

namespace ReplicatedState.Simulation;

/// <summary>Looks for every planted bug and prints the rows of the table in docs/verification.md.</summary>
internal static class MutantTable
{
    /// <summary>Prints; 0 where the swarm caught all of them.</summary>
    public static int Print(CommandLine command)
    {
        int caught = 0;
        Console.WriteLine("| bug | trap | swarm: caught by, after seeds |");
        Console.WriteLine("|---|---|---|");
        foreach (CoreMutant mutant in PlantedBugs.All)
        {
            MutantHunt hunt = MutantHunt.Run(mutant, command.From, command.Seeds, command.Threads);
            caught += hunt.Caught is null ? 0 : 1;
            string swarm = hunt.Caught is null
                ? string.Create(CultureInfo.InvariantCulture, $"not in {hunt.Seeds}")
                : string.Create(CultureInfo.InvariantCulture, $"{hunt.Invariant}, {hunt.Seeds}");
            Console.WriteLine($"| `{mutant}` | {PlantedBugs.About(mutant).Trap} | {swarm} |");
        }

        Console.WriteLine($"mutants: {PlantedBugs.All.Count} caught: {caught}");
        return caught == PlantedBugs.All.Count ? 0 : 1;
    }
}
