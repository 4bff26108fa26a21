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

    [Fact]
    public void A_missing_message_fails()
    {
        string[] lines = File.ReadAllLines(OwnScripts.Path("election_and_replication"));
        int message = Array.FindIndex(lines, l => l.Contains("2->1 MsgAppResp", StringComparison.Ordinal));
        Assert.True(message >= 0);
        ScenarioResult result = ScenarioInterpreter.Run(ScenarioFile.Parse("without a message", [.. lines[..message], .. lines[(message + 1)..]]));
        Assert.False(result.Passed);
    }

    [Fact]
    public void A_changed_payload_fails()
    {
        string[] lines = File.ReadAllLines(OwnScripts.Path("election_and_replication"));
        int message = Array.FindIndex(lines, l => l.Contains("MsgApp ", StringComparison.Ordinal) && l.Contains("\"first\"", StringComparison.Ordinal));
        Assert.True(message >= 0);
        lines[message] = lines[message].Replace("\"first\"", "\"other\"", StringComparison.Ordinal);
        Assert.False(ScenarioInterpreter.Run(ScenarioFile.Parse("another payload", lines)).Passed);
    }

    [Fact]
    public void A_refusal_that_was_expected_to_be_a_grant_fails()
    {
        string[] lines = File.ReadAllLines(OwnScripts.Path("election_and_replication"));
        int vote = Array.FindIndex(lines, l => l.Contains("MsgVoteResp", StringComparison.Ordinal));
        Assert.True(vote >= 0);
        lines[vote] += " Rejected (Hint: 0)";
        Assert.False(ScenarioInterpreter.Run(ScenarioFile.Parse("a refused vote", lines)).Passed);
    }

    private static void ExpectEveryCorruptionToFail(string path)
    {
        string[] lines = File.ReadAllLines(path);
        Assert.True(ScenarioInterpreter.Run(ScenarioFile.Parse("untouched", lines)).Passed);
        int corruptions = 0;
        var unnoticed = new List<string>();
        foreach (Directive directive in ScenarioFile.Parse("to be corrupted", lines).Directives)
        {
            for (int i = 0; i < directive.Expected.Count; i++)
            {
                string line = directive.Expected[i];
                if (SaysNothingToCompare(line))
                    continue;
                foreach (Match number in Number().Matches(line))
                {
                    var corrupted = (string[])lines.Clone();
                    string changed = (ulong.Parse(number.Value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
                    corrupted[directive.ExpectedLine - 1 + i] = line[..number.Index] + changed + line[(number.Index + number.Length)..];
                    corruptions++;
                    if (ScenarioInterpreter.Run(ScenarioFile.Parse("corrupted", corrupted)).Passed)
                        unnoticed.Add($"line {directive.ExpectedLine + i}: {corrupted[directive.ExpectedLine - 1 + i]}");
                }
            }
        }

        Assert.True(corruptions > 5, "there was something to corrupt");
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

    [GeneratedRegex(@"(?<![\w])\d+(?![\w])")]
    private static partial Regex Number();
}
