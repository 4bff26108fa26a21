using System.Globalization;
using ReplicatedState.Consensus;

namespace ReplicatedState.Simulation;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine
{
    public const string Usage =
        """
        Usage: ReplicatedState.Simulation --seeds N [--from SEED] [--level core|node] [--trace-hash] [--threads N] [--log]
               ReplicatedState.Simulation --seeds N [--from SEED] [--threads N] --mutant NAME | --mutants
               ReplicatedState.Simulation --list-mutants
        """;

    public int Seeds { get; private init; } = 100;

    public ulong From { get; private init; } = 1;

    public bool ShowTraceHash { get; private init; }

    public bool ListMutants { get; private init; }

    /// <summary>Print what the nodes say; for replaying one seed of whole nodes.</summary>
    public bool ShowLog { get; private init; }

    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Look for the first seed that catches this planted bug.</summary>
    public CoreMutant Mutant { get; private init; }

    /// <summary>Look for each planted bug, and print the table of docs/verification.md.</summary>
    public bool AllMutants { get; private init; }

    public SimulationLevel Level { get; private init; }

    /// <exception cref="ArgumentException">An argument isn't understood; the message names it.</exception>
    public static CommandLine Parse(string[] args)
    {
        var parsed = new CommandLine();
        for (int i = 0; i < args.Length; i++)
        {
            string option = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{option} needs a value.");
            parsed = option switch
            {
                "--seeds" => parsed with { Seeds = (int)Number(option, Value(), int.MaxValue) },
                "--from" => parsed with { From = Number(option, Value(), ulong.MaxValue) },
                "--threads" => parsed with { Threads = Math.Max(1, (int)Number(option, Value(), 1024)) },
                "--level" => parsed with { Level = LevelNamed(Value()) },
                "--trace-hash" => parsed with { ShowTraceHash = true },
                "--log" => parsed with { ShowLog = true },
                "--list-mutants" => parsed with { ListMutants = true },
                "--mutant" => parsed with { Mutant = PlantedBugs.Named(Value()) },
                "--mutants" => parsed with { AllMutants = true },
                _ => throw new ArgumentException($"{option} is not known."),
            };
        }

        if (parsed.Level != SimulationLevel.Core && (parsed.Mutant != CoreMutant.None || parsed.AllMutants))
            throw new ArgumentException("Bugs are planted in cores only: --mutant and --mutants go with --level core.");
        return parsed;
    }

    private static SimulationLevel LevelNamed(string name) => name switch
    {
        "core" => SimulationLevel.Core,
        "node" => SimulationLevel.Node,
        _ => throw new ArgumentException($"There is no level {name}; there are core and node."),
    };

    private static ulong Number(string option, string text, ulong most) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= most
            ? number
            : throw new ArgumentException($"{option} {text} is no number up to {most}.");
}
