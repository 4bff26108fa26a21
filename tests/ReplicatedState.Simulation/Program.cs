using System.Diagnostics;
using System.Globalization;
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
            return ListMutants();
        if (command.Exhaustive)
            return ExhaustiveRun.Print(command);
        if (command.AllMutants)
            return MutantTable.Print(command);
        return command.Bug is { } bug ? HuntMutant(bug, command) : RunSeeds(command);
    }

    private static int ListMutants()
    {
        int width = PlantedBugs.All.Max(bug => bug.Name.Length);
        foreach (PlantedBug bug in PlantedBugs.All)
            Console.WriteLine($"{bug.Name.PadRight(width)}  {bug.Trap,-3}  {bug.What}");

        return 0;
    }

    /// <summary>Looks for a planted bug: 0 where it was caught, 1 where it wasn't.</summary>
    private static int HuntMutant(PlantedBug bug, CommandLine command)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan nextProgress = ProgressEvery;
        MutantHunt hunt = MutantHunt.Run(bug, command.From, command.Seeds, command.Threads, done =>
        {
            if (watch.Elapsed < nextProgress)
                return;
            nextProgress = watch.Elapsed + ProgressEvery;
            Console.WriteLine($"… {done} of {command.Seeds} seeds, {bug.Name} not caught yet");
        });
        if (hunt.Caught is { } caught)
        {
            Console.WriteLine($"caught {bug.Name} in seed {caught.Seed}, the {Ordinal(hunt.Seeds)}, by {hunt.Invariant}");
            Console.WriteLine($"  {caught.Violation}");
            Console.WriteLine($"  replay: {Replay(caught.Seed, command)}");
        }
        else
        {
            Console.WriteLine($"{bug.Name} was not caught in {hunt.Seeds} seeds");
        }

        Console.WriteLine($"seeds: {hunt.Seeds} violations: {(hunt.Caught is null ? 0 : 1)}");
        return hunt.Caught is null ? 1 : 0;
    }

    private static string Ordinal(int number) => (number % 100, number % 10) switch
    {
        (11 or 12 or 13, _) => $"{number}th",
        (_, 1) => $"{number}st",
        (_, 2) => $"{number}nd",
        (_, 3) => $"{number}rd",
        _ => $"{number}th",
    };

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
        long handOvers = 0;
        long installed = 0;
        long slowAside = 0;
        long slowOnShard = 0;
        int histories = 0;
        int undecided = 0;
        long operations = 0;
        var faults = new FaultTable();
        var runner = new SeedRunner(command.From, command.Seeds, command.Threads, seed => Run(command, seed));
        runner.RunAll(result =>
        {
            trace.Add(result.Trace);
            done++;
            events += result.Events;
            committed += result.Committed;
            elections += result.Elections;
            handOvers += result.HandOvers;
            installed += result.SnapshotsInstalled;
            slowAside += result.SlowCommandsAside;
            slowOnShard += result.SlowCommandsOnShard;
            histories += result.OperationsChecked > 0 ? 1 : 0;
            undecided += result.IsHistoryUndecided ? 1 : 0;
            operations += result.OperationsChecked;
            faults.Add(result.Faults);
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
        if (command.Level == SimulationLevel.Node)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{handOvers} times a machine left its shard; of its slow commands {slowAside} ran aside and {slowOnShard} on a shard; {installed} snapshots installed"));
        faults.Print(Console.Out);
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
        _ => CoreSimulation.Run(seed),
    };

    private static string Replay(ulong seed, CommandLine command) =>
        $"dotnet run -c Release --project tests/ReplicatedState.Simulation -- --seeds 1 --from {seed}"
        + (command.Level == SimulationLevel.Node ? " --level node" : "")
        + (command.Bug is { } bug ? $" --mutant {bug.Name}" : "");
}
