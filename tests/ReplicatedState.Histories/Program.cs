using ReplicatedState.Histories.Formats;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories;

/// <summary>
/// Checks recorded histories: <c>dotnet run -c Release --project tests/ReplicatedState.Histories -- check --model register|kv FILE…</c>. Standard output has one line a file,
/// its verdict and its name; why a history isn't linearizable, or can't be read, goes to standard error.
/// </summary>
/// <remarks>
/// The exit code is 0 where all are linearizable, 1 where one is not, else 2 where one is inconclusive or unreadable. With <c>--expect</c> it is 0 where all verdicts are as
/// the table says, 1 where one differs, 2 where one is missing in the table, inconclusive or unreadable.
/// </remarks>
internal static class Program
{
    private static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Does what the arguments say; returns the exit code.</summary>
    internal static int Run(string[] args, TextWriter output, TextWriter error)
    {
        CommandLine command;
        Dictionary<string, bool>? labels;
        try
        {
            command = CommandLine.Parse(args);
            labels = command.Expect is { } path ? Labels.Read(path) : null;
        }
        catch (ArgumentException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine(CommandLine.Usage);
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HistoryFormatException)
        {
            error.WriteLine(e.Message);
            return 2;
        }

        bool wrong = false;
        bool undecided = false;
        bool drawn = command.Picture is null;
        foreach (string file in command.Files)
        {
            HistoryVerdict verdict = Check(command, file, error, ref drawn);
            string name = Path.GetFileName(file);
            output.WriteLine($"{Word(verdict)} {name}");
            undecided |= verdict == HistoryVerdict.Inconclusive;
            if (labels is null)
            {
                wrong |= verdict == HistoryVerdict.NotLinearizable;
            }
            else if (!labels.TryGetValue(name, out bool isLinearizable))
            {
                undecided = true;
                error.WriteLine($"{name} has no label in {command.Expect}.");
            }
            else if (verdict != HistoryVerdict.Inconclusive && isLinearizable != (verdict == HistoryVerdict.Linearizable))
            {
                wrong = true;
                error.WriteLine($"{name} is labelled {(isLinearizable ? "linearizable" : "not linearizable")}.");
            }
        }

        return wrong ? 1 : undecided ? 2 : 0;
    }

    private static HistoryVerdict Check(CommandLine command, string file, TextWriter error, ref bool drawn)
    {
        try
        {
            HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(command.Model, HistoryFile.Read(file), command.Budget);
            if ((check.Violation?.Explanation ?? check.Doubt) is { } why)
                error.WriteLine($"{Path.GetFileName(file)}: {why}");
            if (check.Violation is { } violation)
            {
                error.WriteLine(violation.Picture);
                if (!drawn)
                    File.WriteAllText(command.Picture!, violation.PictureHtml);
                drawn = true;
            }

            return check.Verdict;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HistoryFormatException)
        {
            error.WriteLine(e.Message);
            return HistoryVerdict.Inconclusive;
        }
    }

    private static string Word(HistoryVerdict verdict) => verdict switch
    {
        HistoryVerdict.Linearizable => "linearizable",
        HistoryVerdict.NotLinearizable => "not linearizable",
        _ => "inconclusive",
    };
}
