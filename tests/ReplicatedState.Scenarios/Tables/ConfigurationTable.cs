using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Interpreter;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Tables;

/// <summary>
/// Tables of what configuration a change leads to, and what a leader then knows of the members: <c>simple</c>, <c>enter-joint autoleave=true</c>, <c>leave-joint</c>,
/// each followed by a line of changes. Every command counts as one entry, above which new members start.
/// </summary>
internal sealed class ConfigurationTable
{
    private static readonly Dictionary<string, ConfigRefusal> Refusals = new()
    {
        ["config is already joint"] = ConfigRefusal.AlreadyJoint,
        ["can't apply simple config change in joint config"] = ConfigRefusal.AlreadyJoint,
        ["can't leave a non-joint config"] = ConfigRefusal.NotJoint,
        ["can't make a zero-voter config joint"] = ConfigRefusal.NoVoters,
        ["removed all voters"] = ConfigRefusal.NoVoters,
        ["more than one voter changed without entering joint config"] = ConfigRefusal.MoreThanOneVoter,
    };

    private readonly ProgressTable _progress = new(new CoreConfig { Self = new RaftId(ulong.MaxValue) });
    private Configuration _current = Configuration.Empty;
    private ulong _lastIndex;

    public static ScenarioResult Run(ScenarioFile file)
    {
        var table = new ConfigurationTable();
        foreach (Directive directive in file.Directives)
        {
            if (table.Difference(directive) is { } why)
                return new ScenarioResult(file.Name, string.Create(CultureInfo.InvariantCulture, $"line {directive.Line} ({directive.Commands[0].Name}): {why}"));
            table._lastIndex++;
        }

        return new ScenarioResult(file.Name, null);
    }

    private string? Difference(Directive directive)
    {
        ConfigRefusal refusal = Change(directive, out Configuration next);
        string first = directive.Expected is [var line, ..] ? line.Trim() : "";
        if (refusal != ConfigRefusal.None)
            return Refusals.TryGetValue(first, out ConfigRefusal expected) && expected == refusal ? null : $"expected [{first}], got the refusal {refusal}";
        _current = next;
        _progress.SetMembers(next.Members(), Math.Max(_lastIndex, 1));
        if (ConfigurationText.Parse(first) != next)
            return $"expected [{first}], got [{ConfigurationText.Of(next)}]";
        List<TranscriptLine> rows = [.. TranscriptParser.Parse(directive with { Expected = [.. directive.Expected.Skip(1)], ExpectedLine = directive.ExpectedLine + 1 })];
        List<TranscriptLine> ours = [.. Enumerable.Range(0, _progress.Count).Select(i => Translation.Of(_progress[i], next))];
        return rows.SequenceEqual(ours) ? null : $"expected [{string.Join("; ", rows)}], got [{string.Join("; ", ours)}]";
    }

    private ConfigRefusal Change(Directive directive, out Configuration next)
    {
        Command command = directive.Commands[0];
        string input = string.Join(' ', directive.Commands.Skip(1).SelectMany(c => c.Arguments.Select(a => a.Key).Prepend(c.Name)));
        var changes = ConfigurationText.ParseChanges(command.Line + 1, input);
        switch (command.Name)
        {
            case "simple":
                return Reconfiguration.Simple(_current, changes, out next);
            case "enter-joint":
                return Reconfiguration.EnterJoint(_current, changes, command.Flag("autoleave"), out next);
            case "leave-joint" when changes.IsEmpty:
                return Reconfiguration.LeaveJoint(_current, out next);
            default:
                throw new ScenarioFormatException(command.Line, $"the command '{command.Name}' is not known, or takes no changes");
        }
    }
}
