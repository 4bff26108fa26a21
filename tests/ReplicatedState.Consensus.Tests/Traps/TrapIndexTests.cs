using System.Reflection;

namespace ReplicatedState.Consensus.Tests.Traps;

/// <summary>No bug is planted that no schedule catches, and the index of traps names the tests that there are.</summary>
public sealed class TrapIndexTests
{
    private static readonly (MethodInfo Test, TrapAttribute Trap)[] All =
    [
        .. from type in typeof(TrapIndexTests).Assembly.GetTypes()
        from method in type.GetMethods()
        from trap in method.GetCustomAttributes<TrapAttribute>()
        select (method, trap),
    ];

    [Fact]
    public void Every_planted_bug_is_caught_by_a_schedule_and_says_which_bug_it_is()
    {
        foreach (CoreMutant mutant in Enum.GetValues<CoreMutant>().Where(mutant => mutant != CoreMutant.None))
        {
            PlantedBugAttribute? about = typeof(CoreMutant).GetField(mutant.ToString())!.GetCustomAttribute<PlantedBugAttribute>();
            Assert.True(about is not null, $"{mutant} has a PlantedBug attribute");
            Assert.True(All.Any(entry => entry.Trap.Mutant == mutant && entry.Trap.Line == about.Trap), $"a schedule of trap {about.Trap} catches {mutant}");
        }
    }

    [Fact]
    public void The_index_of_traps_names_every_test_of_this_project_that_stands_for_one()
    {
        string[] index = File.ReadAllLines(Path.Combine(Repository(), "docs", "traps.md"));
        foreach ((MethodInfo test, TrapAttribute trap) in All)
        {
            string name = $"{test.DeclaringType!.Name}.{test.Name}";
            Assert.True(
                index.Any(line => line.StartsWith($"| {trap.Line} |", StringComparison.Ordinal) && line.Contains($"`{name}`", StringComparison.Ordinal)),
                $"docs/traps.md names {name} under {trap.Line}");
        }
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReplicatedState.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }
}
