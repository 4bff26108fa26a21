using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Testing.Exhaustive;

namespace ReplicatedState.Simulation;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine
{
    public const string Usage =
        """
        Usage: ReplicatedState.Simulation --seeds N [--from SEED] [--level core|node] [--trace-hash] [--threads N] [--log]
               ReplicatedState.Simulation --seeds N [--from SEED] [--threads N] --mutant NAME | --mutants [--level core|node]
               ReplicatedState.Simulation --exhaustive [--bounds terms=3,commands=2,…] [--states N] [--depth D] [--mutant NAME]
               ReplicatedState.Simulation --list-mutants
        """;

    private const string BoundNames =
        "there are nodes, terms, commands, crashes, faults, heartbeats and reads, with a number, disks=slow or quick, and links=ordered or unordered";

    public int Seeds { get; private init; } = 100;

    public ulong From { get; private init; } = 1;

    public bool ShowTraceHash { get; private init; }

    public bool ListMutants { get; private init; }

    /// <summary>Print what the nodes say; for replaying one seed of whole nodes.</summary>
    public bool ShowLog { get; private init; }

    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Look for the first seed that catches this planted bug.</summary>
    public PlantedBug? Bug { get; private init; }

    /// <summary>The same, where it is one of the core.</summary>
    public CoreMutant Mutant => Bug?.Core ?? CoreMutant.None;

    /// <summary>Look for each planted bug, and print the table of docs/verification.md.</summary>
    public bool AllMutants { get; private init; }

    public SimulationLevel Level { get; private init; }

    /// <summary>Search every order of events within bounds, instead of running seeds.</summary>
    public bool Exhaustive { get; private init; }

    /// <summary>The bounds of an exhaustive search; null for those of every run.</summary>
    public ExhaustiveBounds? Bounds { get; private init; }

    /// <summary>The most states that an exhaustive search visits; 0 for as many as in every run.</summary>
    public int States { get; private init; }

    /// <summary>The longest schedule that an exhaustive search tries; 0 for any length.</summary>
    public int Depth { get; private init; }

    /// <exception cref="ArgumentException">An argument isn't understood; the message names it.</exception>
    public static CommandLine Parse(string[] args)
    {
        var parsed = new CommandLine();
        bool isLevelGiven = false;
        for (int i = 0; i < args.Length; i++)
        {
            string option = args[i];
            isLevelGiven |= option == "--level";
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
                "--mutant" => parsed with { Bug = PlantedBugs.Named(Value()) },
                "--mutants" => parsed with { AllMutants = true },
                "--exhaustive" => parsed with { Exhaustive = true },
                "--bounds" => parsed with { Bounds = BoundsNamed(Value()) },
                "--states" => parsed with { States = (int)Number(option, Value(), int.MaxValue) },
                "--depth" => parsed with { Depth = (int)Number(option, Value(), int.MaxValue) },
                _ => throw new ArgumentException($"{option} is not known."),
            };
        }

        if (parsed.Bug is { } bug && (isLevelGiven ? parsed.Level != bug.Level : parsed.Exhaustive && bug.Level != SimulationLevel.Core))
            throw new ArgumentException($"{bug.Name} is planted in {(bug.Level == SimulationLevel.Core ? "cores" : "nodes")}: there is nothing of it to be found elsewhere.");
        return parsed.Bug is null ? parsed : parsed with { Level = parsed.Bug.Level };
    }

    /// <summary>Bounds as <c>terms=2,crashes=0,disks=quick</c>; what isn't named is as in the design.</summary>
    private static ExhaustiveBounds BoundsNamed(string text)
    {
        var bounds = new ExhaustiveBounds();
        foreach (string bound in text.Split(','))
        {
            int equals = bound.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? bound : bound[..equals];
            string value = equals < 0 ? "" : bound[(equals + 1)..];
            int Most(int most) => (int)Number(name, value, (ulong)most);
            bounds = name switch
            {
                "nodes" => bounds with { Nodes = Most(5) },
                "terms" => bounds with { Terms = Most(9) },
                "commands" => bounds with { Commands = Most(9) },
                "crashes" => bounds with { Crashes = Most(9) },
                "faults" => bounds with { NetworkFaults = Most(9) },
                "heartbeats" => bounds with { Heartbeats = Most(9) },
                "reads" => bounds with { Reads = Most(9) },
                "disks" when value is "slow" or "quick" => bounds with { SlowDisks = value == "slow" },
                "links" when value is "ordered" or "unordered" => bounds with { OrderedLinks = value == "ordered" },
                _ => throw new ArgumentException($"{bound} is no bound; {BoundNames}."),
            };
        }

        return bounds;
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
