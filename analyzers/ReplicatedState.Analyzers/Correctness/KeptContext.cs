using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds commands that keep their context, which is another command's as soon as they have returned.</summary>
internal static class KeptContext
{
    public static void Inspect(IOperation operation, Body body, BodyFacts facts)
    {
        if (operation is IAssignmentOperation assignment && IsOfContext(Body.Unwrap(assignment.Value)) && MachineMembers.HolderOf(assignment.Target, body) is not null)
            facts.Add(CorrectnessRules.KeptContext, operation.Syntax);
    }

    private static bool IsOfContext(IOperation? value) => value switch
    {
        IPropertyReferenceOperation { Property: { Name: "Random", ContainingType: { } type } } => IsContext(type),
        _ => IsContext(value?.Type),
    };

    private static bool IsContext(ITypeSymbol? type) => type is INamedTypeSymbol { Name: "CommandContext" } named && named.ToMetadataName() == KnownNames.CommandContext;
}
