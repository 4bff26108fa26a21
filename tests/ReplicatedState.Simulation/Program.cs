using System.Diagnostics;
using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Testing;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Simulation;

/// <summary>Runs simulated clusters from seeds: <c>dotnet run -c Release --project tests/ReplicatedState.Simulation -- --seeds N</c></summary>
internal static class Program
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private static int Main(string[] args)
    {
        CommandLine command;
        try
        {
            command = CommandLine.Parse(args);
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
        }

        if (command.ListMutants)
        {
            foreach (CoreMutant mutant in Enum.GetValues<CoreMutant>().Where(m => m != CoreMutant.None))
                Console.WriteLine(mutant);
            return 0;
        }

        return RunSeeds(command);
    }

    private static int RunSeeds(CommandLine command)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan nextProgress = ProgressEvery;
        TraceHash trace = default;
        int done = 0;
        int violations = 0;
        long events = 0;
        ulong committed = 0;
        long elections = 0;
        var runner = new SeedRunner(command.From, command.Seeds, command.Threads, seed => CoreSimulation.Run(seed, options => Planted(options, command.Mutant)));
        runner.RunAll(result =>
        {
            trace.Add(result.Trace);
            done++;
            events += result.Events;
            committed += result.Committed;
            elections += result.Elections;
            if (result.Violation is not null)
            {
                violations++;
                Console.WriteLine($"VIOLATION seed {result.Seed}: {result.Violation}");
                Console.WriteLine($"  replay: {Replay(result.Seed, command.Mutant)}");
            }

            if (watch.Elapsed < nextProgress)
                return;
            nextProgress = watch.Elapsed + ProgressEvery;
            Console.WriteLine($"… {done} of {command.Seeds} seeds, {violations} violations, {(done / watch.Elapsed.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture)} seeds/s");
        });

        // How fast it went is for humans and differs from run to run: not on standard output.
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds:F1} s, {done / watch.Elapsed.TotalSeconds:F0} seeds/s on {command.Threads} threads, {events} events, {committed} entries committed, {elections} elections"));
        if (command.ShowTraceHash)
            Console.WriteLine($"trace: {trace}");
        Console.WriteLine($"seeds: {done} violations: {violations}");
        return violations == 0 ? 0 : 1;
    }

    private static CoreSimulationOptions Planted(CoreSimulationOptions options, CoreMutant mutant) => options with { Core = options.Core with { Mutant = mutant } };

    private static string Replay(ulong seed, CoreMutant mutant) =>
        $"dotnet run -c Release --project tests/ReplicatedState.Simulation -- --seeds 1 --from {seed}{(mutant == CoreMutant.None ? "" : $" --mutant {mutant}")}";
}
