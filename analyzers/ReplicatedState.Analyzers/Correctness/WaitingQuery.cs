using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds what waits; a query that gives its items in pages must not reach any of it.</summary>
internal static class WaitingQuery
{
    /// <summary>Whether a symbol is a query of a machine that gives its items in pages.</summary>
    public static bool IsPaged(ISymbol symbol) =>
        symbol is IMethodSymbol method && AsynchronousTypes.ItemOf(method.ReturnType) is not null && method.HasAttribute(KnownNames.QueryAttribute) && method.ContainingType.HasAttribute(KnownNames.MachineAttribute);

    public static void Inspect(IOperation operation, BodyFacts facts)
    {
        switch (operation)
        {
            case IAwaitOperation wait when !IsDone(wait.Operation):
                facts.AddWait(CorrectnessRules.WaitingQuery, wait.Syntax);
                break;
            case IForEachLoopOperation { IsAsynchronous: true } loop:
                facts.AddWait(CorrectnessRules.WaitingQuery, loop.Collection.Syntax, "await foreach");
                break;
            case IUsingOperation { IsAsynchronous: true } scope:
                facts.AddWait(CorrectnessRules.WaitingQuery, scope.Resources.Syntax, "await using");
                break;
            case IUsingDeclarationOperation { IsAsynchronous: true } declaration:
                facts.AddWait(CorrectnessRules.WaitingQuery, declaration.DeclarationGroup.Syntax, "await using");
                break;
        }
    }

    /// <summary>Older compilers warn of an async method without an await, and this is how one quiets them.</summary>
    private static bool IsDone(IOperation awaited) => Body.Unwrap(awaited) is IPropertyReferenceOperation { Property: { Name: "CompletedTask", IsStatic: true, ContainingType.Name: "Task" or "ValueTask" } };
}
