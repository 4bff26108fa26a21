using ReplicatedState.Scenarios.Interpreter;

namespace ReplicatedState.Scenarios;

/// <summary>Runs scenario files: <c>dotnet run --project tests/ReplicatedState.Scenarios -- FILE…</c></summary>
internal static class Program
{
    private static int Main(string[] files)
    {
        if (files.Length == 0)
        {
            Console.Error.WriteLine("Which scenario files? Usage: ReplicatedState.Scenarios FILE…");
            return 2;
        }

        int failed = 0;
        foreach (string file in files)
        {
            ScenarioResult result = ScenarioInterpreter.Run(file);
            Console.WriteLine(result);
            failed += result.Passed ? 0 : 1;
        }

        Console.WriteLine($"{files.Length - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
