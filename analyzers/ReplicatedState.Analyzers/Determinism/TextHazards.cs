using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Finds text that is sorted, formatted or parsed by a culture that nobody named. Integers and GUIDs look the same in every culture and are left alone.</summary>
internal static class TextHazards
{
    public static void Inspect(IObjectCreationOperation creation, BodyFacts facts)
    {
        if (IsSortedByText(creation.Type) && !creation.Arguments.Any(static argument => IsComparer(argument.Parameter?.Type)))
            facts.Add(DeterminismRules.CultureComparison, creation.Syntax);
    }

    public static void Inspect(ICollectionExpressionOperation collection, BodyFacts facts)
    {
        if (IsSortedByText(collection.Type) && !collection.Syntax.DescendantNodes().Any(static node => node.IsKind("WithElement")))
            facts.Add(DeterminismRules.CultureComparison, collection.Syntax, collection.Type!.ToShortName());
    }

    public static void Inspect(IInvocationOperation invocation, BodyFacts facts)
    {
        IMethodSymbol method = invocation.TargetMethod;
        if (SortsText(method) && !method.Parameters.Any(static parameter => IsComparer(parameter.Type) || parameter.Type.TypeKind == TypeKind.Delegate && parameter.Type.Name == "Comparison"))
            facts.Add(DeterminismRules.CultureComparison, Named(invocation), method.Name);
        else if (FormatsOrParses(invocation) && !method.Parameters.Any(static parameter => IsProvider(parameter.Type)))
            facts.Add(DeterminismRules.CultureFormat, invocation.Syntax);
    }

    public static void Inspect(IInterpolationOperation interpolation, BodyFacts facts)
    {
        // What is not made into a string at once (FormattableString, a handler of its own) may be given a culture later.
        if (interpolation.Parent is IInterpolatedStringOperation { Parent: not IConversionOperation { Type.SpecialType: not SpecialType.System_String } and not IArgumentOperation { Parameter.Type.Name: "DefaultInterpolatedStringHandler" } }
            && IsCultureSensitive(interpolation.Expression.Type)
            && !(IsDate(interpolation.Expression.Type) && IsRoundTrip(interpolation.FormatString?.Syntax.ToString().TrimStart(':'))))
        {
            facts.Add(DeterminismRules.CultureFormat, interpolation.Syntax);
        }
    }

    private static bool IsKind(this SyntaxNode node, string kind) => ((Microsoft.CodeAnalysis.CSharp.SyntaxKind)node.RawKind).ToString() == kind;

    private static bool IsSortedByText(ITypeSymbol? type) => type is INamedTypeSymbol named && named.OriginalDefinition.ToMetadataName() switch
    {
        "System.Collections.Generic.SortedDictionary`2" or "System.Collections.Generic.SortedList`2" or "System.Collections.Generic.SortedSet`1" => IsText(named.TypeArguments[0]),
        "System.Collections.Generic.PriorityQueue`2" => IsText(named.TypeArguments[1]),
        _ => false,
    };

    /// <summary>Whether a method orders by a default comparer, and what it orders is text.</summary>
    private static bool SortsText(IMethodSymbol method) => method.ContainingType?.OriginalDefinition.ToMetadataName() switch
    {
        "System.Linq.Enumerable" => method.Name switch
        {
            "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "MinBy" or "MaxBy" => IsText(method.TypeArguments.ElementAtOrDefault(1)),
            "Order" or "OrderDescending" => IsText(method.TypeArguments.ElementAtOrDefault(0)),
            "Min" or "Max" => IsText(method.ReturnType),
            _ => false,
        },
        "System.Collections.Generic.List`1" => method.Name is "Sort" or "BinarySearch" && IsText(method.ContainingType.TypeArguments[0]),
        "System.Array" => method.Name is "Sort" or "BinarySearch" && IsText(method.TypeArguments.FirstOrDefault()),
        "System.Collections.Immutable.ImmutableSortedDictionary" => method.Name is "Create" or "CreateBuilder" or "ToImmutableSortedDictionary" && IsText(method.TypeArguments.FirstOrDefault()),
        "System.Collections.Immutable.ImmutableSortedSet" => method.Name is "Create" or "CreateBuilder" or "ToImmutableSortedSet" && IsText(method.TypeArguments.FirstOrDefault()),
        _ => false,
    };

    private static bool FormatsOrParses(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        switch (method.Name)
        {
            case "ToString" or "TryFormat" when !method.IsStatic:
                return IsCultureSensitive(invocation.Instance?.Type) && !(IsDate(invocation.Instance!.Type) && IsRoundTrip(Constant(invocation.Arguments.FirstOrDefault()?.Value)));
            case "Parse" or "TryParse" or "ParseExact" or "TryParseExact" when method.IsStatic:
                return IsCultureSensitive(method.ContainingType);
            case "ToLongDateString" or "ToShortDateString" or "ToLongTimeString" or "ToShortTimeString":
                return IsCultureSensitive(method.ContainingType);
            case "Format" when method.ContainingType.SpecialType == SpecialType.System_String:
            case "AppendFormat" when method.ContainingType.ToMetadataName() == "System.Text.StringBuilder":
                return invocation.Arguments.SelectMany(static argument => argument.Value is IArrayCreationOperation { Initializer: { } initializer } ? initializer.ElementValues : [argument.Value])
                    .Any(static value => IsCultureSensitive(Body.Unwrap(value)?.Type));
            case "ToDouble" or "ToSingle" or "ToDecimal" or "ToDateTime" when method.ContainingType.ToMetadataName() == "System.Convert":
                return method.Parameters[0].Type.SpecialType is SpecialType.System_String or SpecialType.System_Object;
            default:
                return false;
        }
    }

    private static bool IsCultureSensitive(ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal or SpecialType.System_DateTime
            || (type as INamedTypeSymbol)?.ToMetadataName() is "System.DateTimeOffset" or "System.DateOnly" or "System.TimeOnly" or "System.Half";
    }

    private static bool IsDate(ITypeSymbol? type) => (type as INamedTypeSymbol)?.ToMetadataName() is "System.DateTime" or "System.DateTimeOffset" or "System.DateOnly" or "System.TimeOnly";

    /// <summary>Formats of dates that are the same in every culture.</summary>
    private static bool IsRoundTrip(string? format) => format is "o" or "O" or "r" or "R" or "s" or "u";

    private static string? Constant(IOperation? value) => value?.ConstantValue is { HasValue: true, Value: string text } ? text : null;

    private static bool IsText(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_String;

    private static bool IsProvider(ITypeSymbol type) => type.Name == "IFormatProvider" && type.ContainingNamespace.ToDisplayString() == "System";

    private static bool IsComparer(ITypeSymbol? type) => type is { Name: "IComparer", ContainingNamespace: { } space } && space.ToDisplayString() is "System.Collections.Generic" or "System.Collections";

    /// <summary>The name of the called method, so that a chain of calls is not marked as a whole.</summary>
    private static SyntaxNode Named(IInvocationOperation invocation) =>
        invocation.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } ? access.Name : invocation.Syntax;
}
