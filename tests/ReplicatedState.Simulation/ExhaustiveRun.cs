using System.Diagnostics;
using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Testing.Exhaustive;

namespace ReplicatedState.Simulation;

/// <summary>Searches exhaustively: the plan of every run, or, where bounds, states or depth are given, those.</summary>
internal static class ExhaustiveRun
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    /// <summary>Prints what was found. 0 where no promise was broken, or, with a planted bug, where one was.</summary>
    public static int Print(CommandLine command)
    {
        long states = 0;
        ExhaustiveResult? found = null;
        foreach ((ExhaustiveBounds bounds, int statesMax) in Plan(command))
        {
            ExhaustiveResult result = Search(bounds, statesMax, command);
            states += result.States;
            if (result.Violation is null)
                continue;
            found = result;
            break;
        }

        if (found is not null)
        {
            Console.WriteLine($"{(command.Mutant == CoreMutant.None ? "VIOLATION" : $"caught {command.Mutant}")}: {found.Violation}");
            for (int i = 0; i < found.Schedule.Count; i++)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1,2}. {found.Schedule[i]}"));
        }
        else if (command.Mutant != CoreMutant.None)
        {
            Console.WriteLine($"{command.Mutant} was not caught");
        }

        Console.WriteLine($"states: {states} violations: {(found is null ? 0 : 1)}");
        return (found is not null) == (command.Mutant != CoreMutant.None) ? 0 : 1;
    }

    /// <summary>What is searched, with how many states at most.</summary>
    private static IReadOnlyList<(ExhaustiveBounds Bounds, int StatesMax)> Plan(CommandLine command) =>
        command.Bounds is null && command.States == 0 && command.Depth == 0
            ? ExhaustivePlan.EveryRun
            : [(command.Bounds ?? new ExhaustiveBounds(), command.States == 0 ? int.MaxValue : command.States)];

    private static ExhaustiveResult Search(ExhaustiveBounds bounds, int statesMax, CommandLine command)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan nextProgress = ProgressEvery;
        ExhaustiveResult result = new ExhaustiveSearch(bounds, command.Mutant).Run(statesMax, command.Depth == 0 ? int.MaxValue : command.Depth, (states, steps, depth) =>
        {
            if (watch.Elapsed < nextProgress)
                return;
            nextProgress = watch.Elapsed + ProgressEvery;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {states} states, {steps} steps between them, depth {depth}"));
        });
        string outcome = result.Violation is not null ? "violated" : result.IsExhausted ? "exhausted" : "not exhausted";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Bounds}: {result.States} states, {result.Steps} steps between them, depth {result.Depth}, {outcome}"));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {watch.Elapsed.TotalSeconds:F1} s, {result.States / watch.Elapsed.TotalSeconds:F0} states/s"));
        return result;
    }
}
