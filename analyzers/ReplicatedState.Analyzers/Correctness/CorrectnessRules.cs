using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>The rules about commands and queries that are equal on all replicas and wrong all the same.</summary>
internal static class CorrectnessRules
{
    public static readonly DiagnosticDescriptor QueryWrites = Create(
        "RSM2001",
        "A query must not change the state",
        "The query changes '{0}' on the one replica that answers, and nothing tells the others; make it a command ({1})",
        DiagnosticSeverity.Error,
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ThrowAfterWrite = Create(
        "RSM2002",
        "A command must check before it writes",
        "'{0}' was changed before this throw, and the change stays although the caller is told that the command failed; check first, then write");

    public static readonly DiagnosticDescriptor DirectCall = Create(
        "RSM2003",
        "A machine must be called through its client",
        "'{0}' is called on an object in this process: {1}; call it through {2}");

    public static readonly DiagnosticDescriptor NestedCall = Create(
        "RSM2004",
        "A machine must not call a machine",
        "'{0}' leads into a log from within a machine: every replica would send the call, again in every replay, and wait for it while nothing else is applied; return what is to be done, and let the caller of the command send it ({1})",
        DiagnosticSeverity.Error,
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor Callback = Create(
        "RSM2005",
        "A command must not call back",
        "'{0}' {2} a delegate that lives longer than the command: no snapshot carries it, and whom it calls is called by every replica, again in every replay; return what happened, or emit an event, and let others act on it ({1})",
        DiagnosticSeverity.Warning,
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor IgnoredCall = Create(
        "RSM2006",
        "The end of a call must be awaited",
        "Nobody learns whether '{0}' was executed, refused or lost: await it, or keep the task and await that");

    public static readonly DiagnosticDescriptor OpenState = Create(
        "RSM2007",
        "State must be changed by commands only",
        "Whoever has the machine can assign the state '{0}', on one replica and outside of the log; make its setter private, and change it by a command");

    public static readonly DiagnosticDescriptor KeptContext = Create(
        "RSM2008",
        "A command must not keep its context",
        "'{0}' keeps what is valid during the command only: the next command's time, number and random values come from the same object; keep the value that you need ({1})",
        DiagnosticSeverity.Warning,
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor WaitingQuery = Create(
        "RSM2009",
        "A query must not wait for its items",
        "'{0}' waits, and a query can't: its pages are taken at once, from one applied index, while nothing else runs; the caller gets CommandFailedException; take the items from the state by foreach and yield ({1})",
        DiagnosticSeverity.Error,
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor CodeAtRunTime = Create(
        "RSM2010",
        "A formatter must not make code at run time",
        "'{0}' makes code at run time, which a native executable can't; write the members one by one, or ask the resolver of the options that the formatter is given");

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Warning, params string[] tags) =>
        new(id, title, message, "ReplicatedState.Correctness", severity, isEnabledByDefault: true, helpLinkUri: HelpLinks.Base + id + ".md", customTags: tags);
}
