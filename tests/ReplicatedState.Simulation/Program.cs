using System.Diagnostics;
using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Testing;
using ReplicatedState.Testing.CoreLevel;
using ReplicatedState.Testing.NodeLevel;

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
        int histories = 0;
        int undecided = 0;
        long operations = 0;
        var runner = new SeedRunner(command.From, command.Seeds, command.Threads, seed => Run(command, seed));
        runner.RunAll(result =>
        {
            trace.Add(result.Trace);
            done++;
            events += result.Events;
            committed += result.Committed;
            elections += result.Elections;
            histories += result.OperationsChecked > 0 ? 1 : 0;
            undecided += result.IsHistoryUndecided ? 1 : 0;
            operations += result.OperationsChecked;
            if (result.Violation is not null)
            {
                violations++;
                Console.WriteLine($"VIOLATION seed {result.Seed}: {result.Violation}");
                Console.WriteLine($"  replay: {Replay(result.Seed, command)}");
            }

            if (watch.Elapsed < nextProgress)
                return;
            nextProgress = watch.Elapsed + ProgressEvery;
            Console.WriteLine($"… {done} of {command.Seeds} seeds, {violations} violations, {(done / watch.Elapsed.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture)} seeds/s");
        });

        // How fast it went is for humans and differs from run to run: not on standard output.
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds:F1} s, {done / watch.Elapsed.TotalSeconds:F0} seeds/s on {command.Threads} threads, {events} events, {committed} {(command.Level == SimulationLevel.Core ? "entries committed" : "commands acknowledged")}, {elections} {(command.Level == SimulationLevel.Core ? "elections" : "starts of nodes")}"));
        if (command.ShowTraceHash)
            Console.WriteLine($"trace: {trace}");
        if (command.Level == SimulationLevel.Node)
            Console.WriteLine($"histories: {histories} operations: {operations} inconclusive: {undecided}");
        Console.WriteLine($"seeds: {done} violations: {violations}");
        return violations == 0 ? 0 : 1;
    }

    private static SimulationResult Run(CommandLine command, ulong seed) => command.Level switch
    {
        SimulationLevel.Node => NodeSimulation.Run(seed, log: command.ShowLog ? Console.Error : null),
        _ => CoreSimulation.Run(seed, options => options with { Core = options.Core with { Mutant = command.Mutant } }),
    };

    private static string Replay(ulong seed, CommandLine command) =>
        $"dotnet run -c Release --project tests/ReplicatedState.Simulation -- --seeds 1 --from {seed}"
        + (command.Level == SimulationLevel.Node ? " --level node" : "")
        + (command.Mutant == CoreMutant.None ? "" : $" --mutant {command.Mutant}");
}
