using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Finds objects that one body puts into two places of the state, and comparers that a snapshot loses.</summary>
internal static class AliasedState
{
    public static void Inspect(Body body, BodyFacts facts)
    {
        var stores = new List<Store>();
        foreach (IOperation operation in body.Block.DescendantsAndSelf())
        {
            foreach (Store store in Stored(operation, body))
            {
                if (!IsMutable(store.Value.Type))
                    continue;
                if (Sharer(store, stores, body) is { } shared)
                    facts.Add(DeterminismRules.AliasedState, store.Value.Syntax, detail: shared);
                stores.Add(store);
            }

            if (operation is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } assignment && target.Member.HasAttribute(KnownNames.StateAttribute) && !IsConstruction(body.Owner)
                && Body.Unwrap(assignment.Value) is IObjectCreationOperation creation && creation.Arguments.FirstOrDefault(IsComparer) is { } comparer && !IsBuiltWith(target.Member, comparer))
            {
                facts.Add(DeterminismRules.LostComparer, creation.Syntax, target.Member.Name);
            }
        }
    }

    /// <summary>Where else in the state the stored object is, in the words of the message; null where it is nowhere else.</summary>
    private static string? Sharer(Store store, List<Store> before, Body body)
    {
        ISymbol? variable = Variable(store.Value);
        foreach (Store other in before.Where(other => variable is not null && SymbolEqualityComparer.Default.Equals(variable, Variable(other.Value)) && !Alternatives.AreExclusive(other.Operation, store.Operation)))
        {
            if (!SymbolEqualityComparer.Default.Equals(other.Member, store.Member))
                return $"'{other.Member.Name}' and '{store.Member.Name}'";
            if (store.IsKeyed && other.IsKeyed && other.Place != store.Place)
                return $"'{store.Member.Name}' twice";
        }

        if (store.IsKeyed && variable is not null && Alternatives.IsRepeatedFor(variable, store.Operation))
            return $"'{store.Member.Name}' in every turn of a loop";
        return StateWrites.MemberOf(store.Value, body) is { } source && !SymbolEqualityComparer.Default.Equals(source, store.Member) && !IsTakenFrom(source, body)
            ? $"'{store.Member.Name}' and was in '{source.Name}' already"
            : null;
    }

    /// <summary>Whether a body takes anything out of a member: then what it puts elsewhere may have moved.</summary>
    private static bool IsTakenFrom(ISymbol member, Body body) => body.Block.Descendants().Any(operation => operation switch
    {
        IInvocationOperation call => StateWrites.IsMutator(call) && IsTaking(call.TargetMethod.Name) && SymbolEqualityComparer.Default.Equals(StateWrites.MemberOf(call.Instance, body), member),
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } => SymbolEqualityComparer.Default.Equals(target.Member, member),
        _ => false,
    });

    private static bool IsTaking(string method) => method is "Clear" or "Dequeue" or "Pop" or "TryDequeue" or "TryPop" or "TryRemove" || method.StartsWith("Remove", StringComparison.Ordinal);

    // AddRange and the operations of sets store the elements, not the collection.
    private static bool StoresArguments(string method) => !IsTaking(method) && !method.EndsWith("Range", StringComparison.Ordinal) && !method.EndsWith("With", StringComparison.Ordinal);

    /// <summary>What an operation puts into which state member.</summary>
    private static IEnumerable<Store> Stored(IOperation operation, Body body)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation assignment when StateWrites.MemberOf(assignment.Target, body) is { } member && !IsInside(assignment.Target) && Body.Unwrap(assignment.Value) is { } value:
                yield return new Store(member, value, assignment, assignment.Target is not IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol { IsIndexer: false } }, assignment.Target.Syntax.ToString());
                break;
            case IInvocationOperation invocation when StateWrites.IsMutator(invocation) && StateWrites.MemberOf(invocation.Instance, body) is { } member && StoresArguments(invocation.TargetMethod.Name):
                foreach (IOperation value in invocation.Arguments.Select(static argument => Body.Unwrap(argument.Value)).OfType<IOperation>())
                    yield return new Store(member, value, invocation, !IsSet(invocation.Instance!.Type), invocation.Syntax.ToString());
                break;
        }
    }

    private static bool IsSet(ITypeSymbol? type) => type?.Name is "HashSet" or "SortedSet";

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

    /// <summary>One object that goes into the state.</summary>
    /// <param name="IsKeyed">Whether the member holds many, so that the object can be in it more than once.</param>
    /// <param name="Place">The code that says where in the member.</param>
    private readonly record struct Store(ISymbol Member, IOperation Value, IOperation Operation, bool IsKeyed, string Place);
}
