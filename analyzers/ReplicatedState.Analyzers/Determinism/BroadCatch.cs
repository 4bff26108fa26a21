using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Finds catches of everything around changes of the state: one replica that runs out of memory there would go on with a state of its own.</summary>
internal static class BroadCatch
{
    public static void Inspect(ICatchClauseOperation clause, BodyFacts facts)
    {
        bool broad = clause.ExceptionType is not INamedTypeSymbol type || type.ToMetadataName() is "System.Exception" or "System.SystemException" or "System.Object";
        if (!broad || clause.Filter is not null || clause.Parent is not ITryOperation attempt)
            return;
        bool rethrows = clause.Handler.Descendants().OfType<IThrowOperation>().Any(static thrown => thrown.Exception is null);
        if (!rethrows && StateWrites.AnyBelow(attempt.Body))
            facts.Add(DeterminismRules.BroadCatch, clause.Syntax is CatchClauseSyntax { Declaration: { } declaration } ? declaration.Type : ((CatchClauseSyntax)clause.Syntax).CatchKeyword.Parent!, "catch");
    }
}
