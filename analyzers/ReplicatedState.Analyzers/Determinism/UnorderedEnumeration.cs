using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>
/// Finds places where the order of a hash table gets out. Counting, adding integers, looking for any or all, filling another hash table, and sorting are the same in every order and are left alone.
/// </summary>
internal static class UnorderedEnumeration
{
    private static readonly HashSet<string> Selecting = new(StringComparer.Ordinal)
    {
        "First", "FirstOrDefault", "Last", "LastOrDefault", "ElementAt", "ElementAtOrDefault", "Take", "TakeLast", "TakeWhile", "Skip", "SkipLast", "SkipWhile", "Aggregate", "AggregateBy", "Zip", "SequenceEqual", "MinBy", "MaxBy",
    };

    public static void Inspect(IForEachLoopOperation loop, Body body, BodyFacts facts)
    {
        if (UnorderedSources.IsUnordered(loop.Collection, body) && LoopOrder.Dependence(loop, body) is { } why)
            Report(loop.Collection.Syntax, why, facts);
    }

    public static void Inspect(IInvocationOperation call, Body body, BodyFacts facts)
    {
        IMethodSymbol method = call.TargetMethod;
        if (UnorderedSources.IsLinq(method))
        {
            if (!UnorderedSources.IsUnordered(UnorderedSources.Source(call), body))
                return;
            if (Selecting.Contains(method.Name))
                Report(UnorderedSources.Source(call)!.Syntax, $"{method.Name} depends on it", facts);
            else if (method.Name is "Sum" or "Average" && IsInexact(method))
                Report(UnorderedSources.Source(call)!.Syntax, "a sum of floating-point numbers depends on it", facts);
            else if (method.Name is "OrderBy" or "OrderByDescending" && HasTies(call))
                Report(UnorderedSources.Source(call)!.Syntax, "elements that sort alike keep it", facts);
            else if (method.Name is "ToArray" or "ToList")
                InspectCopy(call, body, facts);
        }
        else if (method.ContainingType?.SpecialType == SpecialType.System_String && method.Name is "Join" or "Concat" || StateWrites.IsMutator(call) && !IsUnorderedTarget(call.Instance!.Type))
        {
            foreach (IArgumentOperation argument in call.Arguments.Where(argument => IsSequence(argument.Parameter?.Type) && UnorderedSources.IsUnordered(argument.Value, body)))
                Report(argument.Value.Syntax, $"{method.Name} keeps it", facts);
        }
    }

    public static void Inspect(IObjectCreationOperation creation, Body body, BodyFacts facts) => InspectCopy(creation, body, facts);

    public static void Inspect(ISpreadOperation spread, Body body, BodyFacts facts)
    {
        if (spread.Parent is ICollectionExpressionOperation collection)
            InspectCopy(collection, body, facts);
    }

    /// <summary>What a command answers is compared between replicas: a hash table in it, or a variable with a copy of one.</summary>
    public static void InspectResult(IOperation returned, Body body, BodyFacts facts)
    {
        if (body.Owner is IMethodSymbol method && method.HasAttribute(KnownNames.CommandAttribute)
            && Body.Unwrap(returned) is { } value && !UnorderedSources.IsCopy(value, body) && UnorderedSources.IsUnordered(value, body))
        {
            Report(value.Syntax, "it is the order of the reply", facts);
        }
    }

    /// <summary>A copy into a variable is looked at where the variable is used; any other copy keeps the order for good.</summary>
    private static void InspectCopy(IOperation copy, Body body, BodyFacts facts)
    {
        if (!UnorderedSources.IsCopy(copy, body))
            return;
        IOperation? user = copy.Parent;
        while (user is IConversionOperation or IParenthesizedOperation)
            user = user.Parent;
        switch (user)
        {
            case IVariableInitializerOperation or IForEachLoopOperation:
            case IArgumentOperation { Parent: IInvocationOperation call } when UnorderedSources.IsLinq(call.TargetMethod):
            case IPropertyReferenceOperation { Property.Name: "Count" or "Length" }:
                return;
            default:
                if (!body.Block.Syntax.FullSpan.IsEmpty && !IsQueryResult(body.Owner))
                    Report(copy.Syntax, "the copy keeps it", facts);
                return;
        }
    }

    // A query answers from one replica; nothing compares what it says.
    private static bool IsQueryResult(ISymbol owner) => owner.HasAttribute(KnownNames.QueryAttribute);

    private static bool IsUnorderedTarget(ITypeSymbol? type) => UnorderedSources.IsHashTable(type) || UnorderedSources.IsSorted(type);

    private static bool IsSequence(ITypeSymbol? type) => type is not null && type.SpecialType != SpecialType.System_String && type.AllInterfaces.Concat(type is INamedTypeSymbol self ? [self] : []).Any(static item => item.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T);

    private static bool IsInexact(IMethodSymbol method) => method.Name == "Sum"
        ? Underlying(method.ReturnType).SpecialType is SpecialType.System_Double or SpecialType.System_Single
        : method.Parameters.Any(static parameter => parameter.Type is INamedTypeSymbol { TypeArguments.IsEmpty: false } sequence && Underlying(sequence.TypeArguments[sequence.TypeArguments.Length - 1]).SpecialType is SpecialType.System_Double or SpecialType.System_Single);

    private static ITypeSymbol Underlying(ITypeSymbol type) => type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    /// <summary>Whether a sort may leave elements in the order in which they came: only a key of the hash table, or the element itself, is known to be unique.</summary>
    private static bool HasTies(IInvocationOperation order)
    {
        for (IInvocationOperation? sort = order; sort is not null; sort = Next(sort))
        {
            if (IsUniqueKey(sort))
                return false;
        }

        return true;
    }

    private static IInvocationOperation? Next(IOperation sort) =>
        sort.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ThenBy" or "ThenByDescending" } then } ? then : null;

    private static bool IsUniqueKey(IInvocationOperation sort)
    {
        IOperation? selector = sort.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 1)?.Value;
        IAnonymousFunctionOperation? lambda = (selector as IDelegateCreationOperation)?.Target as IAnonymousFunctionOperation;
        IOperation? key = Body.Unwrap((lambda?.Body.Operations.FirstOrDefault() as IReturnOperation)?.ReturnedValue);
        return key is IParameterReferenceOperation or IPropertyReferenceOperation { Property.Name: "Key" or "Id" or "Name", Instance: not null };
    }

    private static void Report(SyntaxNode place, string why, BodyFacts facts) => facts.Add(DeterminismRules.UnorderedEnumeration, place, detail: why);
}
