using System.Reflection;
using System.Text.RegularExpressions;

namespace ReplicatedState.Consensus.Tests.Traps;

/// <summary>No trap is without a test, no bug is planted that no schedule catches, and the index of traps names the tests that there are.</summary>
public sealed partial class TrapIndexTests
{
    /// <summary>The lines of the project's list of traps.</summary>
    private static readonly string[] Lines =
    [
        .. Enumerable.Range(1, 62).Select(number => $"{number}"),
        .. Lettered('E', 10), .. Lettered('S', 13), .. Lettered('N', 5), .. Lettered('M', 3), .. Lettered('D', 3),
    ];

    private static readonly (MethodInfo Test, TrapAttribute Trap)[] All =
    [
        .. from type in typeof(TrapIndexTests).Assembly.GetTypes()
        from method in type.GetMethods()
        from trap in method.GetCustomAttributes<TrapAttribute>()
        select (method, trap),
    ];

    private static readonly Row[] Index =
    [
        .. from line in File.ReadLines(Path.Combine(Repository(), "docs", "traps.md"))
        where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| trap |", StringComparison.Ordinal)
        select Row.Of(line),
    ];

    [Fact]
    public void Every_trap_has_a_test() => Assert.Empty(Lines.Except(Index.Select(row => row.Line)));

    [Fact]
    public void Every_test_that_the_index_names_is_there()
    {
        Dictionary<string, HashSet<string>> tests = [];
        foreach (Row row in Index)
        {
            if (!tests.TryGetValue(row.Project, out HashSet<string>? there))
                tests[row.Project] = there = TestsOf(row.Project);
            Assert.True(there.Contains(row.Test), $"{row.Project} has the test {row.Test}, which docs/traps.md names under {row.Line}");
        }
    }

    [Fact]
    public void Every_planted_bug_is_caught_by_a_schedule_and_says_which_bug_it_is()
    {
        foreach (CoreMutant mutant in Enum.GetValues<CoreMutant>().Where(mutant => mutant != CoreMutant.None))
        {
            PlantedBugAttribute? about = typeof(CoreMutant).GetField(mutant.ToString())!.GetCustomAttribute<PlantedBugAttribute>();
            Assert.True(about is not null, $"{mutant} has a PlantedBug attribute");
            Assert.Contains(about.Trap, Lines);
            Assert.True(All.Any(entry => entry.Trap.Mutant == mutant && entry.Trap.Line == about.Trap), $"a schedule of trap {about.Trap} catches {mutant}");
        }
    }

    [Fact]
    public void The_index_names_every_test_of_this_project_that_stands_for_a_trap()
    {
        foreach ((MethodInfo test, TrapAttribute trap) in All)
        {
            string planted = trap.Mutant == CoreMutant.None ? "" : trap.Mutant.ToString();
            var row = new Row(trap.Line, $"{test.DeclaringType!.Name}.{test.Name}", "ReplicatedState.Consensus.Tests", planted);
            Assert.Contains(row, Index);
        }
    }

    private static IEnumerable<string> Lettered(char letter, int count) => Enumerable.Range(1, count).Select(number => $"{letter}{number}");

    /// <summary>Class and name of every fact and theory in the source of a test project.</summary>
    private static HashSet<string> TestsOf(string project)
    {
        HashSet<string> tests = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository(), "tests", project), "*.cs", SearchOption.AllDirectories))
        {
            string source = File.ReadAllText(file);
            foreach (Match test in Test().Matches(source))
                tests.Add($"{Path.GetFileNameWithoutExtension(file)}.{test.Groups["name"].Value}");
        }

        return tests;
    }

    [GeneratedRegex(@"^\s*\[(Fact|Theory)[^\n]*\n(\s*(\[|//)[^\n]*\n)*\s*public (async )?(void|Task) (?<name>\w+)\(", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Test();

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReplicatedState.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }

    /// <summary>A row of the index.</summary>
    private sealed partial record Row(string Line, string Test, string Project, string PlantedBug)
    {
        public static Row Of(string line)
        {
            Match row = Format().Match(line);
            Assert.True(row.Success, $"docs/traps.md has a row of another form: {line}");
            string project = row.Groups["project"].Value;
            return new Row(row.Groups["line"].Value, row.Groups["test"].Value, ProjectNamed(project.Length > 0 ? project : "Consensus"), row.Groups["bug"].Value);
        }

        private static string ProjectNamed(string name)
        {
            string project = $"ReplicatedState.{name}";
            return Directory.Exists(Path.Combine(Repository(), "tests", project)) ? project : $"{project}.Tests";
        }

        [GeneratedRegex(@"^\| (?<line>[A-Z]?\d+) \| [^|]+ \| `(?<test>[\w.]+)`( \((?<project>\w+)\))? \| (`(?<bug>\w+)`)? \|$", RegexOptions.CultureInvariant)]
        private static partial Regex Format();
    }
}
