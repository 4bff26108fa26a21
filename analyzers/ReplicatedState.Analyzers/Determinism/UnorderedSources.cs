using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Recognizes sequences whose order comes from a hash table.</summary>
internal static class UnorderedSources
{
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Hashtable",
        "System.Collections.Immutable.ImmutableDictionary`2", "System.Collections.Immutable.ImmutableHashSet`1",
        "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Frozen.FrozenSet`1",
    };

    /// <summary>LINQ that hands the elements on in the order in which they come.</summary>
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "Append", "AsEnumerable", "Cast", "Chunk", "Concat", "DefaultIfEmpty", "Distinct", "DistinctBy", "Except", "ExceptBy", "GroupBy", "GroupJoin", "Index", "Intersect", "IntersectBy",
        "Join", "OfType", "Prepend", "Reverse", "Select", "SelectMany", "ToArray", "ToList", "Union", "UnionBy", "Where",
    };

    /// <summary>Whether a sequence comes in the order of a hash table.</summary>
    public static bool IsUnordered(IOperation? operation, Body body, int depth = 0)
    {
        operation = Body.Unwrap(operation);
        if (operation is null || depth > 16)
            return false;
        if (IsHashTable(operation.Type))
            return IsShuffled(operation.Type!) || HasForgottenHistory(operation, body, depth);
        return operation switch
        {
            IConditionalOperation conditional => IsUnordered(conditional.WhenTrue, body, depth + 1) || IsUnordered(conditional.WhenFalse, body, depth + 1),
            ICoalesceOperation coalesce => IsUnordered(coalesce.Value, body, depth + 1) || IsUnordered(coalesce.WhenNull, body, depth + 1),
            ILocalReferenceOperation local => !body.IsSorted(local.Local) && IsUnordered(body.ValueOf(local.Local), body, depth + 1),
            IPropertyReferenceOperation { Property.Name: "Keys" or "Values", Instance: { } table } => IsHashTable(table.Type) && IsUnordered(table, body, depth + 1),
            IPropertyReferenceOperation { Property.Name: "UnorderedItems" } => true,
            IInvocationOperation call when IsLinq(call.TargetMethod) && Passing.Contains(call.TargetMethod.Name) => IsUnordered(Source(call), body, depth + 1),
            IObjectCreationOperation { Arguments.Length: 1 } copy when IsOrderedCopy(copy.Type) => IsUnordered(copy.Arguments[0].Value, body, depth + 1),
            ICollectionExpressionOperation collection => collection.Elements.OfType<ISpreadOperation>().Any(spread => IsUnordered(spread.Operand, body, depth + 1)),
            _ => false,
        };
    }

    /// <summary>
    /// Whether a Dictionary or HashSet may have lived through other insertions and removals on another replica. One that the body made itself, or that came as an argument, has the same history everywhere, and by that the same
    /// order; what lies in the state lost its history where a snapshot was restored.
    /// </summary>
    private static bool HasForgottenHistory(IOperation operation, Body body, int depth)
    {
        switch (operation)
        {
            case IParameterReferenceOperation or IDefaultValueOperation or ILiteralOperation:
                return false;
            case ILocalReferenceOperation local:
                return body.ValueOf(local.Local) is { } value ? IsUnordered(value, body, depth + 1) : body.SourceOf(local.Local) is not null;
            case IObjectCreationOperation creation:
                return creation.Arguments.Any(argument => argument.Parameter?.Ordinal == 0 && IsUnordered(argument.Value, body, depth + 1));
            case ICollectionExpressionOperation collection:
                return collection.Elements.OfType<ISpreadOperation>().Any(spread => IsUnordered(spread.Operand, body, depth + 1));
            case IPropertyReferenceOperation { Property.Name: "Keys" or "Values", Instance: { } table } when IsHashTable(table.Type):
                return IsUnordered(table, body, depth + 1);
            case IInvocationOperation call when IsLinq(call.TargetMethod):
                return IsUnordered(Source(call), body, depth + 1);
            case IConditionalOperation conditional:
                return IsUnordered(conditional.WhenTrue, body, depth + 1) || IsUnordered(conditional.WhenFalse, body, depth + 1);
            default:
                return true;
        }
    }

    /// <summary>Whether a hash table enumerates by hash code, so that even an equal history gives another order in another process.</summary>
    private static bool IsShuffled(ITypeSymbol type)
    {
        INamedTypeSymbol named = (INamedTypeSymbol)type.OriginalDefinition;
        return (named.ContainingType ?? named).Name is not "Dictionary" and not "HashSet";
    }

    /// <summary>Whether an operation copies an unordered sequence into something whose order is kept and seen.</summary>
    public static bool IsCopy(IOperation operation, Body body) => Body.Unwrap(operation) switch
    {
        IInvocationOperation { TargetMethod.Name: "ToArray" or "ToList" } call => IsUnordered(call, body),
        IObjectCreationOperation creation => IsOrderedCopy(creation.Type) && IsUnordered(creation, body),
        ICollectionExpressionOperation collection => !IsHashTable(collection.Type) && !IsSorted(collection.Type) && IsUnordered(collection, body),
        _ => false,
    };

    public static bool IsLinq(IMethodSymbol method) => method.ContainingType?.ToMetadataName() == "System.Linq.Enumerable";

    /// <summary>The sequence that a LINQ method works on.</summary>
    public static IOperation? Source(IInvocationOperation call) => call.Instance ?? call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value;

    public static bool IsHashTable(ITypeSymbol? type)
    {
        INamedTypeSymbol? named = (type as INamedTypeSymbol)?.OriginalDefinition;

        // The views Dictionary<,>.KeyCollection and ValueCollection are nested types of theirs.
        return named is not null && (Types.Contains(named.ToMetadataName()) && named.ContainingType is null || named.ContainingType is { } outer && Types.Contains(outer.OriginalDefinition.ToMetadataName()));
    }

    /// <summary>Collections that sort what they get.</summary>
    public static bool IsSorted(ITypeSymbol? type) => type?.Name is "SortedDictionary" or "SortedSet" or "SortedList" or "ImmutableSortedDictionary" or "ImmutableSortedSet";

    private static bool IsOrderedCopy(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "List" or "Queue" or "Stack" or "LinkedList" or "OrderedDictionary" or "ReadOnlyCollection" } named
        && named.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal);
}
