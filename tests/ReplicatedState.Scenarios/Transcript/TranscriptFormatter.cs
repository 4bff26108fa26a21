using System.Text;

namespace ReplicatedState.Scenarios.Transcript;

/// <summary>Prints a transcript in the format that scenario files expect, so that a new scenario's output can be written down once it has been read and found right.</summary>
internal static class TranscriptFormatter
{
    /// <summary>The lines as they stand in a file; "ok" where nothing happened.</summary>
    public static IReadOnlyList<string> Format(IReadOnlyList<TranscriptLine> lines)
    {
        var printed = new List<string>();
        string indent = "";
        foreach (TranscriptLine line in lines)
        {
            if (line is ActivityLine)
                printed.Add(line.ToString());
            else
                printed.AddRange(Print(line).Split('\n').Select(l => indent + l));
            if (line is ActivityLine)
                indent = "  ";
        }

        return printed.Count == 0 ? ["ok"] : printed;
    }

    private static string Print(TranscriptLine line) => line switch
    {
        ReadyLine ready => $"Ready MustSync={(ready.MustSync ? "true" : "false")}:",
        HardStateLine { Vote: 0 } hard => $"HardState Term:{hard.Term} Commit:{hard.Commit}",
        SnapshotLine snapshot => $"Snapshot {Print(snapshot.Snapshot)}",
        MessageLine message => (message.Dropped ? "dropped: " : "") + Print(message.Message, ""),
        _ => line.ToString(),
    };

    private static string Print(ScriptSnapshot s) =>
        $"Index:{s.Index} Term:{s.Term} ConfState:Voters:[{s.Voters}] VotersOutgoing:[{s.OutgoingVoters}] Learners:[{s.Learners}] LearnersNext:[{s.LearnersNext}] AutoLeave:{(s.AutoLeave ? "true" : "false")}";

    private static string Print(ScriptMessage m, string indent)
    {
        var text = new StringBuilder(indent);
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{m.From}->{m.To} {m.Type} Term:{m.Term} Log:{m.LogTerm}/{m.Index}");
        if (m.Rejected)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" Rejected (Hint: {m.Hint})");
        if (m.Commit != 0)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" Commit:{m.Commit}");
        if (m.Vote != 0)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" Vote:{m.Vote}");
        if (m.Entries.Count == 1)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" Entries:[{m.Entries[0]}]");
        else if (m.Entries.Count > 1)
            text.Append(" Entries:[\n").AppendJoin('\n', m.Entries.Select(e => $"{indent}  {e}")).Append('\n').Append(indent).Append(']');
        if (m.Snapshot is { } snapshot)
            text.Append('\n').Append(indent).Append("  Snapshot: ").Append(Print(snapshot));
        if (m.Responses.Count > 0)
            text.Append(" Responses:[\n").AppendJoin('\n', m.Responses.Select(r => Print(r, indent + "  "))).Append('\n').Append(indent).Append(']');
        return text.ToString();
    }
}
