using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Scenarios.Format;

namespace ReplicatedState.Scenarios.Transcript;

/// <summary>Reads the output that a scenario expects. The reference engine's log output (INFO, DEBUG, …) says nothing that its state doesn't, and is skipped.</summary>
internal sealed partial class TranscriptParser(IReadOnlyList<string> lines, int firstLine)
{
    private int _at;

    /// <summary>Understands the whole of a directive's expected output.</summary>
    /// <exception cref="ScenarioFormatException">A line has no meaning known here.</exception>
    public static List<TranscriptLine> Parse(Directive directive)
    {
        var parser = new TranscriptParser(directive.Expected, directive.ExpectedLine);
        var parsed = new List<TranscriptLine>();
        while (parser._at < directive.Expected.Count)
        {
            if (parser.Next() is { } line)
                parsed.Add(line);
        }

        return parsed;
    }

    private string Current => lines[_at].Trim();

    private TranscriptLine? Next()
    {
        string line = Current;
        if (line.Length == 0 || line == "ok" || LogOutput().IsMatch(line))
        {
            _at++;
            return null;
        }

        if (line.StartsWith("dropped: ", StringComparison.Ordinal))
            return new MessageLine(ReadMessage(line["dropped: ".Length..]), Dropped: true);
        if (Message().IsMatch(line))
            return new MessageLine(ReadMessage(line));
        _at++;
        return ParseSimple(line);
    }

    private static TranscriptLine ParseSimple(string line)
    {
        if (line == "Ready MustSync=true:")
            return new ReadyLine(true);
        if (line == "Ready MustSync=false:")
            return new ReadyLine(false);
        if (line is "Entries:" or "CommittedEntries:" or "Messages:" or "Processing:" or "Responses:")
            return new SectionLine(line[..^1]);
        if (Activity().Match(line) is { Success: true } activity)
            return new ActivityLine(Number(activity, "node"), activity.Groups["what"].Value);
        if (SoftState().Match(line) is { Success: true } soft)
            return new SoftStateLine(Number(soft, "lead"), soft.Groups["state"].Value);
        if (HardState().Match(line) is { Success: true } hard)
            return new HardStateLine(Number(hard, "term"), Number(hard, "vote"), Number(hard, "commit"));
        if (Snapshot().Match(line) is { Success: true } snapshot)
            return new SnapshotLine(ToSnapshot(snapshot));
        if (Progress().Match(line) is { Success: true } progress)
            return ToProgress(progress);
        if (RaftState().Match(line) is { Success: true } state)
            return new RaftStateLine(Number(state, "node"), state.Groups["state"].Value, state.Groups["voter"].Value == "Voter", Number(state, "term"), Number(state, "lead"));
        if (Entry().Match(line) is { Success: true } entry)
            return new EntryLine(ToEntry(entry));
        return new TextLine(line);
    }

    /// <summary>Reads a message, which may go on over several lines.</summary>
    private ScriptMessage ReadMessage(string head)
    {
        Match m = Message().Match(head);
        if (!m.Success)
            throw new ScenarioFormatException(firstLine + _at, $"'{head}' is no message");
        _at++;
        var message = new ScriptMessage
        {
            From = m.Groups["from"].Value,
            To = m.Groups["to"].Value,
            Type = m.Groups["type"].Value,
            Term = Number(m, "term"),
            LogTerm = Number(m, "logterm"),
            Index = Number(m, "index"),
            Rejected = m.Groups["hint"].Success,
            Hint = Number(m, "hint"),
            Commit = Number(m, "commit"),
            Vote = Number(m, "vote"),
        };
        bool responses = m.Groups["responses"].Success;
        if (m.Groups["entry"].Success)
            message = message with { Entries = new([ParseEntry(m.Groups["entry"].Value)]) };
        else if (m.Groups["entries"].Success)
            message = message with { Entries = ReadEntries(out responses) };
        if (_at < lines.Count && Current.StartsWith("Snapshot: ", StringComparison.Ordinal))
            message = message with { Snapshot = ReadSnapshot(ref responses) };
        return responses ? message with { Responses = ReadResponses() } : message;
    }

    private ValueList<ScriptEntry> ReadEntries(out bool responses)
    {
        var entries = new List<ScriptEntry>();
        while (!Take(out string line).StartsWith(']'))
            entries.Add(ParseEntry(line));
        responses = lines[_at - 1].EndsWith("Responses:[", StringComparison.Ordinal);
        return new(entries);
    }

    private ScriptSnapshot ReadSnapshot(ref bool responses)
    {
        string line = Take(out _);
        Match m = Snapshot().Match(line.Replace("Snapshot: ", "Snapshot ", StringComparison.Ordinal));
        if (!m.Success)
            throw new ScenarioFormatException(firstLine + _at - 1, $"'{line}' is no snapshot");
        responses |= line.EndsWith("Responses:[", StringComparison.Ordinal);
        return ToSnapshot(m);
    }

    private ValueList<ScriptMessage> ReadResponses()
    {
        var responses = new List<ScriptMessage>();
        while (_at < lines.Count && Current != "]")
            responses.Add(ReadMessage(Current));
        _at++;
        return new(responses);
    }

    private string Take(out string line)
    {
        if (_at >= lines.Count)
            throw new ScenarioFormatException(firstLine + _at, "the output ends within a message");
        line = Current;
        _at++;
        return line;
    }

    private ScriptEntry ParseEntry(string text) =>
        Entry().Match(text) is { Success: true } m ? ToEntry(m) : throw new ScenarioFormatException(firstLine + _at - 1, $"'{text}' is no entry");

    private static ScriptEntry ToEntry(Match m) => new(Number(m, "term"), Number(m, "index"), m.Groups["kind"].Value, m.Groups["payload"].Value);

    private static ScriptSnapshot ToSnapshot(Match m) => new(
        Number(m, "index"), Number(m, "term"), Ids(m, "voters"), Ids(m, "outgoing"), Ids(m, "learners"), Ids(m, "next"), m.Groups["auto"].Value == "true");

    private static ProgressLine ToProgress(Match m) => new(
        Number(m, "node"),
        m.Groups["state"].Value,
        Number(m, "match"),
        Number(m, "next"),
        m.Groups["learner"].Success,
        m.Groups["paused"].Success,
        Number(m, "pending"),
        m.Groups["inactive"].Success,
        (int)Number(m, "inflight"),
        m.Groups["full"].Success);

    private static ValueList<string> Ids(Match m, string group) => new(m.Groups[group].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ulong Number(Match m, string group) =>
        m.Groups[group] is { Success: true } value ? ulong.Parse(value.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(DEBUG|INFO|WARN|ERROR|FATAL) ")]
    private static partial Regex LogOutput();

    [GeneratedRegex(@"^> (?<node>\d+) (?<what>handling Ready|receiving messages|processing append thread|processing apply thread)$")]
    private static partial Regex Activity();

    [GeneratedRegex(@"^Lead:(?<lead>\d+) State:(?<state>\w+)$")]
    private static partial Regex SoftState();

    [GeneratedRegex(@"^HardState Term:(?<term>\d+)( Vote:(?<vote>\d+))? Commit:(?<commit>\d+)$")]
    private static partial Regex HardState();

    [GeneratedRegex(@"^(?<term>\d+)/(?<index>\d+) (?<kind>Entry\w+) ?(?<payload>.*)$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^Snapshot Index:(?<index>\d+) Term:(?<term>\d+) ConfState:Voters:\[(?<voters>[^\]]*)\] VotersOutgoing:\[(?<outgoing>[^\]]*)\] Learners:\[(?<learners>[^\]]*)\] LearnersNext:\[(?<next>[^\]]*)\] AutoLeave:(?<auto>\w+)( Responses:\[)?$")]
    private static partial Regex Snapshot();

    [GeneratedRegex(@"^(?<node>\d+): (?<state>State\w+) match=(?<match>\d+)( commit=\d+)? next=(?<next>\d+)(?<learner> learner)?(?<paused> paused)?( pendingSnap=(?<pending>\d+))?(?<inactive> inactive)?( inflight=(?<inflight>\d+)(?<full>\[full\])?)?$")]
    private static partial Regex Progress();

    [GeneratedRegex(@"^(?<node>\d+): (?<state>State\w+) \((?<voter>Voter|Non-Voter)\) Term:(?<term>\d+) Lead:(?<lead>\d+)$")]
    private static partial Regex RaftState();

    [GeneratedRegex(@"^(?<from>\w+)->(?<to>\w+) (?<type>Msg\w+) Term:(?<term>\d+) Log:(?<logterm>\d+)/(?<index>\d+)( Rejected \(Hint: (?<hint>\d+)\))?( Commit:(?<commit>\d+))?( Vote:(?<vote>\d+))?( Entries:\[(?<entry>\d+/\d+ Entry.*?)\](?= Responses:\[$|$))?(?<entries> Entries:\[$)?(?<responses> Responses:\[)?$")]
    private static partial Regex Message();
}
