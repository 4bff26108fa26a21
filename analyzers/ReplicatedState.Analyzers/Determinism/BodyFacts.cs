using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>What one body of code does by itself and what it calls: a node of the call graph. Lambdas and local functions belong to the body that holds them.</summary>
internal sealed class BodyFacts
{
    private readonly HashSet<ISymbol> _known = new(SymbolEqualityComparer.Default);

    /// <summary>The hazards in it, in the order of the source.</summary>
    public List<Hazard> Hazards { get; } = [];

    /// <summary>Methods, and fields and properties with initializers, that it reaches directly; in the order of the source.</summary>
    public List<ISymbol> Calls { get; } = [];

    /// <summary>Where it writes state, and which member.</summary>
    public List<StateWrite> Writes { get; } = [];

    /// <summary>Where it waits for something, in the order of the source.</summary>
    public List<Hazard> Waits { get; } = [];

    public void AddCall(ISymbol target)
    {
        if (_known.Add(target))
            Calls.Add(target);
    }

    public void Add(DiagnosticDescriptor rule, SyntaxNode place, string? subject = null, string detail = "") =>
        Hazards.Add(new Hazard(rule, place.GetLocation(), subject ?? Shorten(place), detail));

    public void AddWait(DiagnosticDescriptor rule, SyntaxNode place, string? subject = null) => Waits.Add(new Hazard(rule, place.GetLocation(), subject ?? Shorten(place), Detail: ""));

    /// <summary>Code as a message quotes it: one line, and not all of a long one.</summary>
    private static string Shorten(SyntaxNode place)
    {
        string text = place.ToString();
        int line = text.IndexOf('\n');
        if (line >= 0)
            text = text.Substring(0, line).TrimEnd() + "…";
        return text.Length <= 60 ? text : text.Substring(0, 59) + "…";
    }
}

/// <summary>A write to a [State] member.</summary>
internal readonly record struct StateWrite(ISymbol Member, Location Location);
