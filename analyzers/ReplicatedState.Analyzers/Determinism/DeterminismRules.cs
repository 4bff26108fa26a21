using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>The rules that keep replicas equal. In messages {0} is the code, {1} the calls that lead to it, {2} what the rule has to add.</summary>
internal static class DeterminismRules
{
    public static readonly DiagnosticDescriptor WallClock = Create(
        "RSM1001", "A command must not read a clock", "'{0}' reads the clock of one machine, so that replicas differ; use the Now of the CommandContext ({1})");

    public static readonly DiagnosticDescriptor Randomness = Create(
        "RSM1002", "A command must not draw random values of its own", "'{0}' is different on every replica; use the NewGuid or Random of the CommandContext ({1})");

    public static readonly DiagnosticDescriptor Threading = Create(
        "RSM1003", "A command must not use threads, tasks, timers or locks", "'{0}' depends on how one machine schedules threads; a command runs alone, on one thread, to its end, and needs none of it ({1})");

    public static readonly DiagnosticDescriptor Environment = Create(
        "RSM1004", "A command must not read its environment", "'{0}' is a property of one machine or process; pass it as an argument, so that it is in the log ({1})");

    public static readonly DiagnosticDescriptor InputOutput = Create(
        "RSM1005", "A command must not do input or output", "'{0}' reaches outside of the state: it happens once on every replica and again in every replay; do it before or after the call ({1})");

    public static readonly DiagnosticDescriptor MutableStatic = Create(
        "RSM1006", "A command must not use static variables", "'{0}' is a static variable: snapshots don't carry it and other machines of the process share it; make it a [State] field ({1})");

    public static readonly DiagnosticDescriptor HashCode = Create(
        "RSM1007", "A command must not use hash codes as values", "'{0}' is a hash code, which differs between processes; use a key, or a hash function with a fixed result ({1})");

    public static readonly DiagnosticDescriptor UnorderedEnumeration = Create(
        "RSM1008",
        "The order of a hash table must not matter",
        "The order of '{0}' differs between replicas (one that was restored from a snapshot enumerates differently) and matters here: {2}; sort it, or use an ordered collection ({1})",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor CultureComparison = Create(
        "RSM1009", "A command must compare text by its characters", "'{0}' compares by a culture, whose tables differ between machines; use an ordinal comparison ({1})", DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor CultureFormat = Create(
        "RSM1010",
        "A command must say by which culture it formats and parses",
        "'{0}' formats or parses by the culture of the thread; pass CultureInfo.InvariantCulture ({1})",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor InexactMath = Create(
        "RSM1011",
        "A command must not use inexact mathematics",
        "The last digits of '{0}' depend on the processor and the version of its library; use integers or decimal, or compute it before the call ({1})",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor TimeZone = Create(
        "RSM1012", "A command must not use time zones", "'{0}' depends on the time zone of one machine and on the version of its time zone data; use a DateTimeOffset in UTC ({1})");

    public static readonly DiagnosticDescriptor Reflection = Create(
        "RSM1013", "A command must not use reflection", "'{0}' depends on how the program was built: order and members of types aren't fixed; write down what it would find ({1})");

    public static readonly DiagnosticDescriptor AmbientContext = Create(
        "RSM1014", "A command must not read an ambient context", "'{0}' is set by whoever runs the code, not by the log; pass it as an argument ({1})");

    public static readonly DiagnosticDescriptor UnsafeMemory = Create(
        "RSM1015", "A command must not depend on memory", "'{0}' depends on addresses, on the garbage collector, or on what memory held before; use arrays and spans ({1})");

    public static readonly DiagnosticDescriptor InjectedService = Create(
        "RSM1016", "A command must not use services", "'{0}' gives what one process is configured with; ask it before the call, and pass what it said as an argument ({1})");

    public static readonly DiagnosticDescriptor BroadCatch = Create(
        "RSM1017",
        "A command must not swallow the failures of one machine",
        "'{0}' also catches what only one replica meets, such as running out of memory, after the state was changed; catch the exceptions that you expect ({1})",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor PlatformBranch = Create(
        "RSM1018", "A command must not depend on the platform", "'{0}' differs between operating systems, processors or runtimes, and replicas may run on several; write the value that you mean ({1})");

    public static readonly DiagnosticDescriptor LostComparer = Create(
        "RSM1019",
        "A snapshot must be able to recreate a comparer",
        "The comparer of '{0}' is lost by a snapshot, which refills the collection that the constructor builds; give it the comparer there ({1})",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor AliasedState = Create(
        "RSM1020",
        "Two parts of the state must not share an object",
        "'{0}' is put into {2}: the two places share one object until a snapshot is restored, and have two from then on; keep it in one place and its key in the other ({1})",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor BannedByProject = Create(
        "RSM1021", "A command must not use what the project bans", "'{0}' is banned in machines by this project{2} ({1})");

    /// <summary>All of them, by id.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        WallClock, Randomness, Threading, Environment, InputOutput, MutableStatic, HashCode, UnorderedEnumeration, CultureComparison, CultureFormat, InexactMath,
        TimeZone, Reflection, AmbientContext, UnsafeMemory, InjectedService, BroadCatch, PlatformBranch, LostComparer, AliasedState, BannedByProject,
    ];

    private static readonly Dictionary<string, DiagnosticDescriptor> Ids = All.ToDictionary(static rule => rule.Id);

    public static DiagnosticDescriptor ById(string id) => Ids[id];

    // What is reached through other methods is known only when all of them were read, hence the tag.
    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(id, title, message, "ReplicatedState.Determinism", severity, isEnabledByDefault: true, helpLinkUri: HelpLinks.Base + id + ".md", customTags: WellKnownDiagnosticTags.CompilationEnd);
}
