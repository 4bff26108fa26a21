using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Comparison;

/// <summary>
/// Where our core is meant to differ from the reference engine in what a transcript shows. Each rule is applied to both sides before they are compared, and
/// removes or reorders no more than it names; two further differences are handled where they arise (see <c>ScenarioNode.AddMessages</c> and
/// <c>ScenarioNode.StoreNow</c>).
/// </summary>
internal static class PermittedDifferences
{
    /// <summary>Applies all rules.</summary>
    public static List<TranscriptLine> Normalize(IEnumerable<TranscriptLine> lines)
    {
        List<TranscriptLine> normalized = [.. lines.Select(WithoutOwnAcknowledgements).OfType<TranscriptLine>()];
        RemoveEmptyJobs(normalized);
        RemoveIdleTurns(normalized);
        OrderByReceiver(normalized);
        SyncSnapshots(normalized);
        return normalized;
    }

    /// <summary>
    /// A node's acknowledgement by its own disk is a call (<c>OnPersisted</c>) with us and a message to itself there: its vote for itself, a leader's
    /// acknowledgement of its own entries, the report of its append thread. What follows from it (a vote counted, an entry committed) is compared.
    /// </summary>
    private static TranscriptLine? WithoutOwnAcknowledgements(TranscriptLine line)
    {
        if (line is not MessageLine m)
            return line;
        if (m.Message.IsOwnAcknowledgement)
            return null;
        return m with { Message = m.Message with { Responses = new(m.Message.Responses.Where(r => !r.IsOwnAcknowledgement)) } };
    }

    /// <summary>A job for the append thread that held nothing else than such a message: ours doesn't exist.</summary>
    private static void RemoveEmptyJobs(List<TranscriptLine> lines)
    {
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            if (!IsEmptyJob(lines[i]))
                continue;
            bool isProcessing = i > 0 && lines[i - 1] is SectionLine { Title: SectionLine.Processing };
            if (isProcessing)
                lines.RemoveRange(i - 1, Math.Min(3, lines.Count - i + 1)); // Processing:, the job, Responses:
            else if (i > 0 && lines[i - 1] is SectionLine { Title: SectionLine.Messages } && (i + 1 == lines.Count || lines[i + 1] is not MessageLine))
                lines.RemoveRange(i - 1, 2);
            else
                lines.RemoveAt(i);
        }
    }

    private static bool IsEmptyJob(TranscriptLine line) =>
        line is MessageLine { Message: { To: ScriptMessage.AppendThread, Term: 0, Vote: 0, Commit: 0, Snapshot: null, Entries.Count: 0, Responses.Count: 0 } };

    /// <summary>A turn in which nothing happened, and a round with nothing to do, say nothing.</summary>
    private static void RemoveIdleTurns(List<TranscriptLine> lines)
    {
        lines.RemoveAll(line => line is TextLine { Text: TextLine.EmptyReady });
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i] is ActivityLine && (i + 1 == lines.Count || lines[i + 1] is ActivityLine))
                lines.RemoveAt(i);
        }
    }

    /// <summary>Messages to different nodes travel apart: only the order of those to the same node means something.</summary>
    private static void OrderByReceiver(List<TranscriptLine> lines)
    {
        for (int from = 0; from < lines.Count; from++)
        {
            int end = from;
            while (end < lines.Count && lines[end] is MessageLine)
                end++;
            if (end - from > 1)
            {
                List<TranscriptLine> ordered = [.. lines.GetRange(from, end - from).OrderBy(l => ((MessageLine)l).Message.To, StringComparer.Ordinal)];
                lines.RemoveRange(from, ordered.Count);
                lines.InsertRange(from, ordered);
            }

            from = Math.Max(from, end);
        }
    }

    /// <summary>Installing a snapshot must be synced with us (P7); the reference engine leaves that to its storage and says it needn't.</summary>
    private static void SyncSnapshots(List<TranscriptLine> lines)
    {
        int ready = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i] is ReadyLine)
                ready = i;
            else if (lines[i] is SnapshotLine && ready >= 0)
                lines[ready] = new ReadyLine(MustSync: true);
        }
    }
}
