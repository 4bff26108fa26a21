using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Formats;

/// <summary>
/// Jepsen's log of a test of one register: <c>process :invoke|:ok|:fail|:info :read|:write|:cas value</c>. A failed compare-and-set with its values found another value;
/// any other failure was not executed; <c>:info</c> is an unknown outcome. Lines of other loggers, and of the nemesis, are no operations.
/// </summary>
internal static partial class JepsenRegisterLog
{
    public static bool Claims(string text) => text.Contains("jepsen.", StringComparison.Ordinal);

    /// <exception cref="HistoryFormatException">A line can't be understood.</exception>
    public static IReadOnlyList<Operation<RegisterCall, RegisterResult>> Read(TextReader lines, string file)
    {
        var events = new EventPairing(file);
        int number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || OtherLine().IsMatch(line))
                continue;
            Match match = EventLine().Match(line);
            if (!match.Success)
                throw new HistoryFormatException(file, number, $"'{line.Trim()}' is no event of a register");
            Read(events, file, number, match);
        }

        return events.Finish();
    }

    private static void Read(EventPairing events, string file, int line, Match match)
    {
        if (!long.TryParse(match.Groups["process"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long process))
            throw new HistoryFormatException(file, line, $"'{match.Groups["process"].Value}' is no process");
        string type = match.Groups["type"].Value;
        RegisterCallKind kind = match.Groups["f"].Value switch
        {
            "read" => RegisterCallKind.Read,
            "write" => RegisterCallKind.Write,
            _ => RegisterCallKind.CompareAndSet,
        };
        string value = match.Groups["value"].Value;
        Match pair = Pair().Match(value);
        bool isKeyword = value.StartsWith(':');
        if (type is "invoke" or "ok" && (isKeyword || (kind == RegisterCallKind.CompareAndSet) != pair.Success))
            throw new HistoryFormatException(file, line, $"'{value}' is no value of a {kind}");
        if (type == "invoke")
        {
            events.Invoke(line, process, "", kind switch
            {
                RegisterCallKind.Read => new RegisterCall(kind),
                RegisterCallKind.Write => new RegisterCall(kind, Value(value)),
                _ => new RegisterCall(kind, Value(pair.Groups["expected"].Value), Value(pair.Groups["new"].Value)),
            });
            return;
        }

        bool foundAnother = type == "fail" && kind == RegisterCallKind.CompareAndSet && !isKeyword;
        OperationStatus status = type switch
        {
            "ok" => OperationStatus.Ok,
            "fail" => foundAnother ? OperationStatus.Ok : OperationStatus.Fail,
            _ => OperationStatus.Unknown,
        };
        RegisterResult result = kind switch
        {
            RegisterCallKind.Read when status == OperationStatus.Ok => new RegisterResult(Value(value)),
            RegisterCallKind.CompareAndSet => new RegisterResult(Swapped: type == "ok"),
            _ => default,
        };
        events.Complete(line, process, kind, status, result);
    }

    private static RegisterValue Value(string text) => text == "nil" ? RegisterValue.None : RegisterValue.Of(text);

    [GeneratedRegex(@"^\s*\w+\s+jepsen\.util\s+-\s+(?<process>\d+)\s+:(?<type>invoke|ok|fail|info)\s+:(?<f>read|write|cas)\s+(?<value>\[[^\]]*\]|\S+)\s*$")]
    private static partial Regex EventLine();

    [GeneratedRegex(@"^\[(?<expected>\S+)\s+(?<new>\S+)\]$")]
    private static partial Regex Pair();

    [GeneratedRegex(@"^\s*\w+\s+(?!jepsen\.util\s)[\w.\-]+\s+-\s|^\s*\w+\s+jepsen\.util\s+-\s+:nemesis\s")]
    private static partial Regex OtherLine();
}
