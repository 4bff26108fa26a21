using System.Globalization;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Chaos;

/// <summary>What the history of a run comes to.</summary>
internal static class Verdict
{
    /// <summary>Writes the history, checks it, and prints what is wrong with it.</summary>
    /// <returns>Whether it is linearizable, and the last line of a run.</returns>
    public static (bool IsLinearizable, string LastLine) Conclude(IReadOnlyList<Operation<RegisterCall, RegisterResult>> history, string path)
    {
        using (StreamWriter lines = File.CreateText(path))
        {
            foreach (Operation<RegisterCall, RegisterResult> operation in history)
                RegisterHistoryJson.Write(lines, operation);
        }

        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history);
        if ((check.Violation?.Explanation ?? check.Doubt) is { } why)
            Console.WriteLine(why);
        if (check.Violation is { } violation)
            Console.WriteLine(violation.Picture);
        int Count(OperationStatus status) => history.Count(operation => operation.Status == status);
        string verdict = check.Verdict switch
        {
            HistoryVerdict.Linearizable => "linearizable",
            HistoryVerdict.NotLinearizable => "not linearizable",
            _ => "inconclusive",
        };
        string lastLine = string.Create(
            CultureInfo.InvariantCulture,
            $"operations: {history.Count} ok: {Count(OperationStatus.Ok)} fail: {Count(OperationStatus.Fail)} unknown: {Count(OperationStatus.Unknown)} verdict: {verdict}");
        return (check.Verdict == HistoryVerdict.Linearizable, lastLine);
    }
}
