using System.Globalization;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>
/// A history by hand, one operation a line: <c>client call-return what</c>, where the return is <c>?</c> for an unknown outcome and what is <c>w 1</c>, <c>r 1</c>, <c>r nil</c>,
/// <c>cas 1 2 yes</c>, <c>cas 1 2 no</c>, or without an answer <c>r</c> and <c>cas 1 2</c>. A line that begins with <c>fail</c> did not happen.
/// </summary>
internal static class Script
{
    public static List<Operation<RegisterCall, RegisterResult>> Parse(params string[] lines) => [.. lines.Select(Parse)];

    public static HistoryCheck<RegisterCall, RegisterResult> Check(params string[] lines) => LinearizabilityChecker.Check(RegisterModel.Register, Parse(lines));

    private static Operation<RegisterCall, RegisterResult> Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool failed = words[0] == "fail";
        if (failed)
            words = words[1..];
        string[] times = words[1].Split('-');
        bool unknown = times[1] == "?";
        (RegisterCall call, RegisterResult result) = words[2..] switch
        {
            ["w", var value] => (new RegisterCall(RegisterCallKind.Write, Value(value)), default),
            ["r"] => (new RegisterCall(RegisterCallKind.Read), default(RegisterResult)),
            ["r", var value] => (new RegisterCall(RegisterCallKind.Read), new RegisterResult(Value(value))),
            ["cas", var from, var to, .. var answer] => (new RegisterCall(RegisterCallKind.CompareAndSet, Value(from), Value(to)), new RegisterResult(Swapped: answer is ["yes"])),
            _ => throw new FormatException(line),
        };
        return new Operation<RegisterCall, RegisterResult>
        {
            Client = long.Parse(words[0], CultureInfo.InvariantCulture),
            Call = long.Parse(times[0], CultureInfo.InvariantCulture),
            Return = unknown ? null : long.Parse(times[1], CultureInfo.InvariantCulture),
            Input = call,
            Output = result,
            Status = failed ? OperationStatus.Fail : unknown ? OperationStatus.Unknown : OperationStatus.Ok,
        };
    }

    private static RegisterValue Value(string text) => text == "nil" ? RegisterValue.None : RegisterValue.Of(text);
}
