using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Finds objects that one body puts into two state members, and comparers that a snapshot loses.</summary>
internal static class AliasedState
{
    public static void Inspect(Body body, BodyFacts facts)
    {
        var holders = new Dictionary<ISymbol, ISymbol>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in body.Block.DescendantsAndSelf())
        {
            foreach ((ISymbol member, IOperation? value) in Stored(operation, body))
            {
                if (Variable(value) is not { } variable || !IsMutable(value!.Type))
                    continue;
                if (!holders.TryGetValue(variable, out ISymbol first))
                    holders.Add(variable, member);
                else if (!SymbolEqualityComparer.Default.Equals(first, member))
                    facts.Add(DeterminismRules.AliasedState, value.Syntax, detail: $"'{first.Name}' and '{member.Name}'");
            }

            if (operation is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } assignment && target.Member.HasAttribute(KnownNames.StateAttribute) && !IsConstruction(body.Owner)
                && Body.Unwrap(assignment.Value) is IObjectCreationOperation creation && creation.Arguments.FirstOrDefault(IsComparer) is { } comparer && !IsBuiltWith(target.Member, comparer))
            {
                facts.Add(DeterminismRules.LostComparer, creation.Syntax, target.Member.Name);
            }
        }
    }

    /// <summary>What an operation puts into which state member.</summary>
    private static IEnumerable<(ISymbol Member, IOperation? Value)> Stored(IOperation operation, Body body)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation assignment when StateWrites.MemberOf(assignment.Target, body) is { } member && !IsInside(assignment.Target):
                yield return (member, Body.Unwrap(assignment.Value));
                break;
            case IInvocationOperation invocation when StateWrites.IsMutator(invocation) && StateWrites.MemberOf(invocation.Instance, body) is { } member && !invocation.TargetMethod.Name.StartsWith("Remove", StringComparison.Ordinal):
                foreach (IArgumentOperation argument in invocation.Arguments)
                    yield return (member, Body.Unwrap(argument.Value));
                break;
        }
    }

    // Assigning a part of an object that is in the state already (order.Customer = customer) is not the question here.
    private static bool IsInside(IOperation target) => target is IPropertyReferenceOperation { Property.IsIndexer: false } or IFieldReferenceOperation && !((IMemberReferenceOperation)target).Member.HasAttribute(KnownNames.StateAttribute);

    private static ISymbol? Variable(IOperation? value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    /// <summary>Whether two holders of an object of this type could see each other's changes.</summary>
    private static bool IsMutable(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol => true,
        INamedTypeSymbol { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } named when named.Locations.Any(static location => location.IsInSource) => HasSetters(named),
        INamedTypeSymbol { TypeKind: TypeKind.Class } named => named.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic",
        _ => false,
    };

    private static bool HasSetters(INamedTypeSymbol type) => type.GetMembers().Any(static member => member switch
    {
        IPropertySymbol { IsStatic: false, SetMethod: { IsInitOnly: false } } => true,
        IFieldSymbol { IsStatic: false, IsReadOnly: false, IsImplicitlyDeclared: false } => true,
        _ => false,
    });

    private static bool IsConstruction(ISymbol owner) => owner is not IMethodSymbol || owner is IMethodSymbol { MethodKind: MethodKind.Constructor };

    /// <summary>Whether the initializer of the member names the same comparer, so that a snapshot refills the same kind of collection.</summary>
    private static bool IsBuiltWith(ISymbol member, IArgumentOperation comparer)
    {
        foreach (SyntaxReference reference in member.DeclaringSyntaxReferences)
        {
            EqualsValueClauseSyntax? initializer = reference.GetSyntax() switch
            {
                VariableDeclaratorSyntax field => field.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            if (initializer?.DescendantNodes().OfType<ArgumentSyntax>().Any(argument => argument.Expression.IsEquivalentTo(comparer.Value.Syntax)) == true)
                return true;
        }

        return false;
    }

    private static bool IsComparer(IArgumentOperation argument) =>
        argument is { IsImplicit: false, Value.ConstantValue.HasValue: false }
        && argument.Parameter?.Type is INamedTypeSymbol { Name: "IComparer" or "IEqualityComparer", ContainingNamespace: { } space } && space.ToDisplayString() == "System.Collections.Generic";
}
