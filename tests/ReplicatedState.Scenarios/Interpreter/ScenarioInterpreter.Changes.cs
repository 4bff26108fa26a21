using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Tables;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

// Changes of members: proposed as the script says, compared by what they are answered and by what everything ends in (see FinalState).
internal sealed partial class ScenarioInterpreter
{
    private const string ChangeCommand = "propose-conf-change";
    private const string ChangeRefused = "change of members refused";
    private const string ProposalDropped = "raft proposal dropped";

    /// <summary>From the first change on, only what a proposal was answered is compared at once; the rest where everything ends.</summary>
    private static string? DifferenceOfAnswer(Directive directive, IReadOnlyList<TranscriptLine> ours)
    {
        if (directive.Commands[0].Name is not (ChangeCommand or "propose"))
            return null;
        string expected = directive.Expected.Any(line => line.Contains("ignoring conf change", StringComparison.Ordinal)) ? ChangeRefused
            : directive.Expected.Any(line => line.Trim() == ProposalDropped) ? ProposalDropped
            : "ok";
        string actual = ours.OfType<TextLine>().SingleOrDefault()?.Text ?? "ok";
        return expected == actual ? null : $"expected the answer [{expected}], got [{actual}]";
    }

    private void ProposeChange(Directive directive)
    {
        Command command = directive.Commands[0];
        string input = string.Join(' ', directive.Commands.Skip(1).Select(c => c.Arguments[0].Key));
        var members = ConfigurationText.ParseChanges(command.Line + 1, input);
        ConfigTransition transition = command.Value("transition") switch
        {
            null or "auto" => members.IsEmpty ? ConfigTransition.Leave : ConfigTransition.Auto,
            "implicit" => ConfigTransition.Joint,
            "explicit" => ConfigTransition.JointUntilLeft,
            var other => throw new ScenarioFormatException(command.Line, $"the transition '{other}' is not known"),
        };
        ConfigResult result = _cluster[command.Node].ProposeChange(new ConfigChange(members, transition));
        if (result.Outcome == ConfigOutcome.Refused)
            _transcript.Write(new TextLine(ChangeRefused));
        else if (result.Outcome == ConfigOutcome.NotLeader)
            _transcript.Write(new TextLine(ProposalDropped));
    }
}
