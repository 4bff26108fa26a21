using ReplicatedState.Scenarios.Interpreter;

namespace ReplicatedState.Scenarios;

/// <summary>
/// Runs scenario files: <c>dotnet run --project tests/ReplicatedState.Scenarios -- FILE…</c>. With <c>--print</c> before one file it prints the file with what our
/// core does now in place of what the file expects, to be read before it is believed.
/// </summary>
internal static class Program
{
    private static int Main(string[] files)
    {
        if (files.Length == 0)
        {
            Console.Error.WriteLine("Which scenario files? Usage: ReplicatedState.Scenarios FILE… | --print FILE");
            return 2;
        }

        if (files is ["--print", var toPrint])
        {
            foreach (string line in ScenarioInterpreter.Rewrite(toPrint))
                Console.WriteLine(line);
            return 0;
        }

        int failed = 0;
        int exempt = 0;
        foreach (string file in files)
        {
            ScenarioResult result = ScenarioRunner.Run(file);
            Console.WriteLine(result);
            failed += result.Passed ? 0 : 1;
            exempt += result.Exempt is null ? 0 : 1;
        }

        Console.WriteLine($"{files.Length - failed - exempt} passed, {failed} failed{(exempt > 0 ? $", {exempt} exempt" : "")}");
        return failed == 0 ? 0 : 1;
    }
}
