using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds delegates that outlive a command: those that it calls, those that it keeps, and events. A delegate that a read-only member was declared with is a part of the program and is left alone.</summary>
internal static class Callbacks
{
    public static void Inspect(IOperation operation, Body body, BodyFacts facts)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call when MachineMembers.HolderOf(call.Instance, body) is { } holder && !IsPartOfProgram(holder):
                facts.Add(CorrectnessRules.Callback, operation.Syntax, detail: "calls");
                break;
            case IEventAssignmentOperation { EventReference: { } reference } when MachineMembers.HolderOf(reference, body) is not null:
                facts.Add(CorrectnessRules.Callback, operation.Syntax, detail: "keeps");
                break;
            case IAssignmentOperation { Target: { } target } when IsDelegate(target.Type) && MachineMembers.HolderOf(target, body) is not null && body.Owner is not IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }:
                facts.Add(CorrectnessRules.Callback, operation.Syntax, detail: "keeps");
                break;
            case IInvocationOperation keeping when StateWrites.IsMutator(keeping) && keeping.Arguments.Any(static argument => IsDelegate(argument.Value.Type)) && !TakesDelegate(keeping) && MachineMembers.HolderOf(keeping.Instance, body) is not null:
                facts.Add(CorrectnessRules.Callback, operation.Syntax, detail: "keeps");
                break;
        }
    }

    private static bool IsDelegate(ITypeSymbol? type) => type?.TypeKind == TypeKind.Delegate;

    /// <summary>Whether a method asks its delegate and forgets it, as RemoveAll and Sort do, instead of adding it to the collection.</summary>
    private static bool TakesDelegate(IInvocationOperation call) => call.TargetMethod.OriginalDefinition.Parameters.Any(static parameter => IsDelegate(parameter.Type));

    private static bool IsPartOfProgram(ISymbol holder) => holder switch
    {
        IFieldSymbol { IsReadOnly: true } field => field.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is VariableDeclaratorSyntax { Initializer: not null }) && (IsDelegate(field.Type) || field.IsStatic),
        IPropertySymbol { SetMethod: null } property => property.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is PropertyDeclarationSyntax { Initializer: not null } or PropertyDeclarationSyntax { ExpressionBody: not null }),
        _ => false,
    };
}
