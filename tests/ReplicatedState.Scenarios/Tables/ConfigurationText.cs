using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Format;

namespace ReplicatedState.Scenarios.Tables;

/// <summary>Configurations and changes as the reference engine's files write them: <c>voters=(1 2)&amp;&amp;(1) learners=(3) autoleave</c>, <c>v1 l2 r3</c>.</summary>
internal static partial class ConfigurationText
{
    /// <summary>Reads a configuration; null where the text is none.</summary>
    public static Configuration? Parse(string text)
    {
        Match m = Text().Match(text);
        if (!m.Success)
            return null;
        return new Configuration(Ids(m, "voters"), Ids(m, "outgoing"), Ids(m, "learners"), m.Groups["auto"].Success) { LearnersNext = Ids(m, "next") };
    }

    /// <summary>Writes a configuration.</summary>
    public static string Of(Configuration c) =>
        $"voters=({Ids(c.Voters)})"
        + (c.IsJoint ? $"&&({Ids(c.OutgoingVoters)})" : "")
        + (c.Learners.IsEmpty ? "" : $" learners=({Ids(c.Learners)})")
        + (c.LearnersNext.IsEmpty ? "" : $" learners_next=({Ids(c.LearnersNext)})")
        + (c.AutoLeave ? " autoleave" : "");

    /// <summary>Reads changes: v makes a voter, l a learner, r removes, u (something about a member changed that isn't membership) says nothing.</summary>
    /// <exception cref="ScenarioFormatException">A word is none of these.</exception>
    public static ImmutableArray<MemberChange> ParseChanges(int line, string text)
    {
        var changes = ImmutableArray.CreateBuilder<MemberChange>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ulong.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong id))
                throw new ScenarioFormatException(line, $"'{word}' is no change of a member");
            switch (word[0])
            {
                case 'v':
                    changes.Add(new MemberChange(new RaftId(id), MemberRole.Voter));
                    break;
                case 'l':
                    changes.Add(new MemberChange(new RaftId(id), MemberRole.Learner));
                    break;
                case 'r':
                    changes.Add(new MemberChange(new RaftId(id), MemberRole.None));
                    break;
                case 'u':
                    break;
                default:
                    throw new ScenarioFormatException(line, $"'{word}' is no change of a member");
            }
        }

        return changes.ToImmutable();
    }

    private static string Ids(ImmutableArray<RaftId> ids) => string.Join(' ', ids.Select(id => id.Value.ToString(CultureInfo.InvariantCulture)));

    private static ImmutableArray<RaftId> Ids(Match m, string group) =>
        [.. m.Groups[group].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => new RaftId(ulong.Parse(id, CultureInfo.InvariantCulture))).Order()];

    [GeneratedRegex(@"^voters=\((?<voters>[\d ]*)\)(&&\((?<outgoing>[\d ]*)\))?( learners=\((?<learners>[\d ]*)\))?( learners_next=\((?<next>[\d ]*)\))?(?<auto> autoleave)?$")]
    private static partial Regex Text();
}
