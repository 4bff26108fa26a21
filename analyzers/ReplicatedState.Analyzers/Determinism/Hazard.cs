using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Code that can differ between replicas, if a command reaches it.</summary>
internal sealed record Hazard(DiagnosticDescriptor Rule, Location Location, string Subject, string Detail)
{
    /// <summary>The hazard with the calls that lead to it.</summary>
    public Diagnostic ToDiagnostic(string chain) => Diagnostic.Create(Rule, Location, Subject, chain, Detail);
}
