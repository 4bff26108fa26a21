using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Interpreter;

namespace ReplicatedState.Scenarios.Tests;

/// <summary>A comparison that accepts everything proves nothing: every number that a scenario expects is changed in turn, and every change must be noticed.</summary>
public sealed partial class CorruptedScenarioTests
{
    [Fact]
    public void Every_number_of_an_expected_output_matters() => ExpectEveryCorruptionToFail(OwnScripts.Path("election_and_replication"));

    [SkippableTheory]
    [MemberData(nameof(ReferenceScenarioTests.Files), MemberType = typeof(ReferenceScenarioTests))]
    public void Every_number_of_a_reference_output_matters(string name) => ExpectEveryCorruptionToFail(ReferenceData.File(name));

    [Theory]
    [InlineData("configurations_simple_and_joint")]
    [InlineData("quorums_of_one_and_two_sets")]
    public void Every_number_of_a_table_matters(string name) => ExpectEveryCorruptionToFail(OwnScripts.Path(name));

    [SkippableTheory]
    [MemberData(nameof(ReferenceScenarioTests.Tables), MemberType = typeof(ReferenceScenarioTests))]
    public void Every_number_of_a_reference_table_matters(string kind, string name) => ExpectEveryCorruptionToFail(ReferenceData.File(name, kind));

    [SkippableTheory]
    [MemberData(nameof(ReferenceScenarioTests.ChangesOfMembers), MemberType = typeof(ReferenceScenarioTests))]
    public void Every_number_of_what_a_change_of_members_ends_in_matters(string name)
    {
        string path = ReferenceData.File(name);
        HashSet<int> final = LinesOfFinalState(File.ReadAllLines(path));
        ExpectEveryCorruptionToFail(path, final.Contains);
    }

    [Fact]
    public void A_missing_message_fails()
    {
        string[] lines = File.ReadAllLines(OwnScripts.Path("election_and_replication"));
        int message = Array.FindIndex(lines, l => l.Contains("2->1 MsgAppResp", StringComparison.Ordinal));
        Assert.True(message >= 0);
        ScenarioResult result = ScenarioRunner.Run(ScenarioFile.Parse("without a message", [.. lines[..message], .. lines[(message + 1)..]]));
        Assert.False(result.Passed);
    }

    [Fact]
    public void A_changed_payload_fails()
    {
        string[] lines = File.ReadAllLines(OwnScripts.Path("election_and_replication"));
        int message = Array.FindIndex(lines, l => l.Contains("MsgApp ", StringComparison.Ordinal) && l.Contains("\"first\"", StringComparison.Ordinal));
        Assert.True(message >= 0);
        lines[message] = lines[message].Replace("\"first\"", "\"other\"", StringComparison.Ordinal);
        Assert.False(ScenarioRunner.Run(ScenarioFile.Parse("another payload", lines)).Passed);
    }

    [Fact]
    public void A_refusal_that_was_expected_to_be_a_grant_fails()
    {
        string[] lines = File.ReadAllLines(OwnScripts.Path("election_and_replication"));
        int vote = Array.FindIndex(lines, l => l.Contains("MsgVoteResp", StringComparison.Ordinal));
        Assert.True(vote >= 0);
        lines[vote] += " Rejected (Hint: 0)";
        Assert.False(ScenarioRunner.Run(ScenarioFile.Parse("a refused vote", lines)).Passed);
    }

    /// <summary>The last words about every node: its configuration, what a turn changed, and the state of all.</summary>
    private static HashSet<int> LinesOfFinalState(string[] lines)
    {
        var last = new Dictionary<string, int>();
        string turn = "";
        for (int i = 0; i < lines.Length; i++)
        {
            turn = Turn().Match(lines[i]) is { Success: true } begins ? begins.Groups["node"].Value : turn;
            if (Switched().Match(lines[i]) is { Success: true } switched)
                last["configuration " + switched.Groups["node"].Value] = i;
            else if (State().Match(lines[i]) is { Success: true } state)
                last["state " + state.Groups["node"].Value] = i;
            else if (lines[i].TrimStart().StartsWith("HardState", StringComparison.Ordinal))
                last["hard state " + turn] = i;
        }

        // The state of all is told after the last turn, where it is told; then it counts.
        return [.. last.Where(l => !l.Key.StartsWith("hard", StringComparison.Ordinal) || !last.Keys.Any(k => k.StartsWith("state", StringComparison.Ordinal))).Select(l => l.Value)];
    }

    private static void ExpectEveryCorruptionToFail(string path, Func<int, bool>? isMeant = null)
    {
        string[] lines = File.ReadAllLines(path);
        Assert.True(ScenarioRunner.Run(ScenarioFile.Parse("untouched", lines)).Passed);
        int corruptions = 0;
        var unnoticed = new List<string>();
        foreach (Directive directive in ScenarioFile.Parse("to be corrupted", lines).Directives)
        {
            for (int i = 0; i < directive.Expected.Count; i++)
            {
                string line = directive.Expected[i];
                if (isMeant is null ? SaysNothingToCompare(line) : !isMeant(directive.ExpectedLine - 1 + i))
                    continue;
                foreach (Match number in Number().Matches(line))
                {
                    var corrupted = (string[])lines.Clone();
                    string changed = ulong.TryParse(number.Value, CultureInfo.InvariantCulture, out ulong value)
                        ? (value + 1).ToString(CultureInfo.InvariantCulture)
                        : number.Value == "VoteWon" ? "VoteLost" : "VoteWon";
                    corrupted[directive.ExpectedLine - 1 + i] = line[..number.Index] + changed + line[(number.Index + number.Length)..];
                    corruptions++;
                    if (ScenarioRunner.Run(ScenarioFile.Parse("corrupted", corrupted)).Passed)
                        unnoticed.Add($"line {directive.ExpectedLine + i}: {corrupted[directive.ExpectedLine - 1 + i]}");
                }
            }
        }

        Assert.True(corruptions > 3, "there was something to corrupt");
        Assert.True(unnoticed.Count == 0, $"{unnoticed.Count} of {corruptions} corruptions passed unnoticed:\n{string.Join('\n', unnoticed)}");
    }

    /// <summary>
    /// Log output of the reference engine, and what <c>PermittedDifferences</c> names: the node's messages to itself, and turns that hold nothing else.
    /// </summary>
    private static bool SaysNothingToCompare(string line) =>
        LogOutput().IsMatch(line) || OwnAcknowledgement().IsMatch(line) || line.StartsWith("> ", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(DEBUG|INFO|WARN|ERROR|FATAL) ")]
    private static partial Regex LogOutput();

    [GeneratedRegex(@"^\s*((\d+)->\2|AppendThread->\d+) ")]
    private static partial Regex OwnAcknowledgement();

    [GeneratedRegex(@"^> (?<node>\d+) ")]
    private static partial Regex Turn();

    [GeneratedRegex(@"^\s*INFO (?<node>\d+) switched to configuration ")]
    private static partial Regex Switched();

    [GeneratedRegex(@"^(?<node>\d+): State\w+ \(")]
    private static partial Regex State();

    [GeneratedRegex(@"(?<![\w])\d+(?![\w])|Vote(Won|Lost|Pending)")]
    private static partial Regex Number();
}
