using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Formats;

/// <summary>A log of a key-value store: <c>{:process 0, :type :invoke, :f :append, :key "0", :value "x"}</c>, with get, put and append.</summary>
internal static partial class KeyValueLog
{
    /// <exception cref="HistoryFormatException">A line can't be understood.</exception>
    public static IReadOnlyList<Operation<RegisterCall, RegisterResult>> Read(TextReader lines, string file)
    {
        var events = new EventPairing(file);
        int number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            Match match = EventLine().Match(line);
            if (!match.Success || !long.TryParse(match.Groups["process"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long process))
                throw new HistoryFormatException(file, number, $"'{line.Trim()}' is no event of a key-value store");
            Read(events, file, number, process, match);
        }

        return events.Finish();
    }

    private static void Read(EventPairing events, string file, int line, long process, Match match)
    {
        RegisterCallKind kind = match.Groups["f"].Value switch
        {
            "get" => RegisterCallKind.Read,
            "put" => RegisterCallKind.Write,
            _ => RegisterCallKind.Append,
        };
        string type = match.Groups["type"].Value;
        RegisterValue value = match.Groups["text"].Success ? RegisterValue.Of(Unescaped(match.Groups["text"].Value)) : RegisterValue.None;
        if (type == "invoke")
        {
            if (kind != RegisterCallKind.Read && value.IsNone)
                throw new HistoryFormatException(file, line, $"a {match.Groups["f"].Value} needs a value");
            events.Invoke(line, process, Unescaped(match.Groups["key"].Value), new RegisterCall(kind, kind == RegisterCallKind.Read ? default : value));
            return;
        }

        OperationStatus status = type switch
        {
            "ok" => OperationStatus.Ok,
            "fail" => OperationStatus.Fail,
            _ => OperationStatus.Unknown,
        };
        events.Complete(line, process, kind, status, kind == RegisterCallKind.Read ? new RegisterResult(value) : default);
    }

    private static string Unescaped(string text) => text.Contains('\\', StringComparison.Ordinal) ? Escape().Replace(text, "$1") : text;

    [GeneratedRegex("""^\s*\{:process (?<process>\d+), :type :(?<type>invoke|ok|fail|info), :f :(?<f>get|put|append), :key "(?<key>(?:[^"\\]|\\.)*)", :value (?:nil|"(?<text>(?:[^"\\]|\\.)*)")\}\s*$""")]
    private static partial Regex EventLine();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escape();
}
