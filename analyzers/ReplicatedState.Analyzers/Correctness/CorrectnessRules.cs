using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>The rules about commands and queries that are equal on all replicas and wrong all the same.</summary>
internal static class CorrectnessRules
{
    public static readonly DiagnosticDescriptor QueryWrites = new(
        "RSM2001",
        "A query must not change the state",
        "The query changes '{0}' on the one replica that answers, and nothing tells the others; make it a command ({1})",
        "ReplicatedState.Correctness",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM2001.md",
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ThrowAfterWrite = new(
        "RSM2002",
        "A command must check before it writes",
        "'{0}' was changed before this throw, and the change stays although the caller is told that the command failed; check first, then write",
        "ReplicatedState.Correctness",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM2002.md");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = [QueryWrites, ThrowAfterWrite];
}
