using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Interpreter;

namespace ReplicatedState.Scenarios.Tables;

/// <summary>
/// Tables of what a majority, or two that must agree, has committed or decided: <c>committed cfg=(1,2) cfgj=(2,3) idx=(5,_,7)</c> and <c>vote … votes=(y,n,_)</c>.
/// Values belong to the voters in the order in which the two sets name them first. <c>cfgj=zero</c> is an empty second set.
/// </summary>
internal static partial class QuorumTable
{
    private const string Infinity = "∞";
    private const string NoVoters = "<empty majority quorum>";

    public static ScenarioResult Run(ScenarioFile file)
    {
        foreach (Directive directive in file.Directives)
        {
            if (Difference(directive) is { } why)
                return new ScenarioResult(file.Name, string.Create(CultureInfo.InvariantCulture, $"line {directive.Line} ({directive.Commands[0].Name}): {why}"));
        }

        return new ScenarioResult(file.Name, null);
    }

    private static string? Difference(Directive directive)
    {
        Command command = directive.Commands[0];
        foreach (Argument argument in command.Arguments)
        {
            if (argument.Key is not ("cfg" or "cfgj" or "idx" or "votes"))
                throw new ScenarioFormatException(command.Line, $"{command.Name}: '{argument.Key}' is not known");
        }

        RaftId[] incoming = Voters(command, "cfg");
        RaftId[] outgoing = command.Values("cfgj") is ["zero"] ? [] : Voters(command, "cfgj");
        RaftId[] voters = [.. incoming.Union(outgoing)];
        IReadOnlyList<string> given = command.Values(command.Name == "vote" ? "votes" : "idx");
        if (given.Count != voters.Length)
        {
            return directive.Expected is [var error, ..] && error.StartsWith("error: mismatched input", StringComparison.Ordinal)
                ? null
                : $"{given.Count} values are given for {voters.Length} voters";
        }

        var configuration = new Configuration([.. incoming], [.. outgoing], []);
        var swapped = new Configuration([.. outgoing], [.. incoming], []);
        return command.Name switch
        {
            "committed" => DifferenceOfCommitted(directive, configuration, swapped, new Indexes(command, voters, given)),
            "vote" => DifferenceOfVote(directive, configuration, swapped, new Votes(command, voters, given)),
            _ => throw new ScenarioFormatException(command.Line, $"the command '{command.Name}' is not known"),
        };
    }

    private static string? DifferenceOfVote(Directive directive, Configuration configuration, Configuration swapped, Votes votes)
    {
        string expected = string.Join(' ', directive.Expected);
        string actual = NameOf(JointQuorum.Count(configuration, votes));
        string mirrored = NameOf(JointQuorum.Count(swapped, votes));
        if (actual != mirrored)
            return $"{actual}, but {mirrored} with the two sets exchanged";
        return actual == expected ? null : $"expected [{expected}], got [{actual}]";
    }

    private static string NameOf(ElectionResult result) => result switch
    {
        ElectionResult.Won => "VoteWon",
        ElectionResult.Lost => "VoteLost",
        ElectionResult.Open => "VotePending",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    private static string? DifferenceOfCommitted(Directive directive, Configuration configuration, Configuration swapped, Indexes indexes)
    {
        string actual = NameOf(JointQuorum.Reached(configuration, indexes));
        string mirrored = NameOf(JointQuorum.Reached(swapped, indexes));
        if (actual != mirrored)
            return $"{actual}, but {mirrored} with the two sets exchanged";
        List<string> expected = [.. directive.Expected.Select(line => line.Trim()).Where(line => line is not ("" or "idx"))];
        string result = expected.Count > 0 ? expected[^1] : "";
        if (configuration.Members().IsEmpty)
            actual = NoVoters + actual;
        if (result != actual)
            return $"expected [{result}], got [{actual}]";
        List<string> rows = [.. expected.SkipLast(1).Select(line => Row().Replace(line, "${bar} ${index} ${id}"))];
        List<string> ours = [.. indexes.Rows()];
        return rows.SequenceEqual(ours) ? null : $"expected the rows [{string.Join(", ", rows)}], got [{string.Join(", ", ours)}]";
    }

    private static string NameOf(ulong index) => index == ulong.MaxValue ? Infinity : index.ToString(CultureInfo.InvariantCulture);

    private static RaftId[] Voters(Command command, string key) => [.. command.Numbers(key).Select(id => new RaftId(id)).Distinct()];

    [GeneratedRegex(@"^(?<bar>x*>|\?)\s+(?<index>\d+)\s+\(id=(?<id>\d+)\)$")]
    private static partial Regex Row();

    /// <summary>What the voters have; an underscore is a voter of which nothing is known.</summary>
    private readonly struct Indexes(Command command, RaftId[] voters, IReadOnlyList<string> given) : JointQuorum.IValues
    {
        public ulong Of(RaftId voter) => given[Array.IndexOf(voters, voter)] is var text && text == "_" ? 0 : command.Number(text);

        /// <summary>Each voter with its index and, as a bar, how many of the others have less.</summary>
        public IEnumerable<string> Rows()
        {
            foreach (RaftId voter in voters.Order())
            {
                ulong index = Of(voter);
                int below = 0;
                foreach (RaftId other in voters)
                    below += Of(other) < index ? 1 : 0;
                string bar = index == 0 ? "?" : new string('x', below) + ">";
                yield return string.Create(CultureInfo.InvariantCulture, $"{bar} {index} {voter.Value}");
            }
        }
    }

    private readonly struct Votes(Command command, RaftId[] voters, IReadOnlyList<string> given) : JointQuorum.IBallots
    {
        public bool? Of(RaftId voter) => given[Array.IndexOf(voters, voter)] switch
        {
            "y" => true,
            "n" => false,
            "_" => null,
            var other => throw new ScenarioFormatException(command.Line, $"'{other}' is no vote"),
        };
    }
}
