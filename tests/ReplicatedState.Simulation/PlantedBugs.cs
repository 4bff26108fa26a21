using System.Reflection;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Simulation;

/// <summary>The bugs that can be planted, by name.</summary>
internal static class PlantedBugs
{
    private const int Suggestions = 3;

    /// <summary>All of them; those of the core first.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        .. Enum.GetValues<CoreMutant>().Where(mutant => mutant != CoreMutant.None).Select(InCore),
        new(CoreMutant.None, NodeMutant.SessionReadDoesNotWait, "D3", "A query of a session is answered from whatever is applied."),
        new(CoreMutant.None, NodeMutant.LeaseIsAssumed, "40", "A leader answers by lease for as long as it believes that it leads."),
        new(CoreMutant.None, NodeMutant.FreshByHeartbeat, "40", "A replica takes its state for fresh because it heard its leader lately."),
        new(CoreMutant.None, NodeMutant.VersionFromBinary, "61", "A machine executes by the version of its binary and not by the one in effect."),
        new(CoreMutant.None, NodeMutant.IndexesMixedUp, "61", "A leader compares its newest hash with another replica's of whichever index, and finds that they differ."),
        new(CoreMutant.None, NodeMutant.QuarantinedCounted, "61", "A replica that is known to be wrong, or not yet known to be right again, counts where it is judged who is right."),
    ];

    /// <summary>Those that a swarm of this level can notice.</summary>
    public static IEnumerable<PlantedBug> Of(SimulationLevel level) => All.Where(bug => bug.Level == level);

    /// <summary>The bug with a name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static PlantedBug Named(string name)
    {
        foreach (PlantedBug bug in All)
        {
            if (string.Equals(bug.Name, name, StringComparison.OrdinalIgnoreCase))
                return bug;
        }

        IEnumerable<string> nearest = All.Select(bug => bug.Name).OrderBy(known => Distance(name.ToUpperInvariant(), known.ToUpperInvariant())).Take(Suggestions);
        throw new ArgumentException($"There is no mutant {name}; the nearest are {string.Join(", ", nearest)}, and --list-mutants names all.");
    }

    private static PlantedBug InCore(CoreMutant mutant)
    {
        PlantedBugAttribute about = typeof(CoreMutant).GetField(mutant.ToString())!.GetCustomAttribute<PlantedBugAttribute>()
            ?? throw new InvalidOperationException($"{mutant} doesn't say which bug it is: give it a PlantedBug attribute.");
        return new PlantedBug(mutant, NodeMutant.None, about.Trap, about.What);
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
