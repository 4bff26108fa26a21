using System.Reflection;
using ReplicatedState.Consensus;

namespace ReplicatedState.Simulation;

/// <summary>The bugs that can be planted in a core, by name.</summary>
internal static class PlantedBugs
{
    private const int Suggestions = 3;

    public static IReadOnlyList<CoreMutant> All { get; } = [.. Enum.GetValues<CoreMutant>().Where(mutant => mutant != CoreMutant.None)];

    /// <summary>What a bug does, and the number of its trap.</summary>
    public static PlantedBugAttribute About(CoreMutant mutant) =>
        typeof(CoreMutant).GetField(mutant.ToString())!.GetCustomAttribute<PlantedBugAttribute>()
        ?? throw new InvalidOperationException($"{mutant} doesn't say which bug it is: give it a PlantedBug attribute.");

    /// <summary>The bug with a name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static CoreMutant Named(string name)
    {
        foreach (CoreMutant mutant in All)
        {
            if (string.Equals(mutant.ToString(), name, StringComparison.OrdinalIgnoreCase))
                return mutant;
        }

        IEnumerable<CoreMutant> nearest = All.OrderBy(mutant => Distance(name.ToUpperInvariant(), mutant.ToString().ToUpperInvariant())).Take(Suggestions);
        throw new ArgumentException($"There is no mutant {name}; the nearest are {string.Join(", ", nearest)}, and --list-mutants names all.");
    }

    /// <summary>How many letters must be added, left out or changed to make one word of the other (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
