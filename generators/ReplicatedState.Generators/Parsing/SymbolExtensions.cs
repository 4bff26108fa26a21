using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Generators.Parsing;

/// <summary>Questions to symbols that every parser asks.</summary>
internal static class SymbolExtensions
{
    /// <summary>With global::, keywords for built-in types, tuple names and question marks: how a declaration is repeated.</summary>
    private static readonly SymbolDisplayFormat DeclaredFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>How messages name a type.</summary>
    private static readonly SymbolDisplayFormat ShortFormat = SymbolDisplayFormat.MinimallyQualifiedFormat
        .RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static string ToShortName(this ITypeSymbol type) => type.ToDisplayString(ShortFormat);

    public static string ToDeclaredName(this ITypeSymbol type) => type.ToDisplayString(DeclaredFormat);

    /// <summary>Namespace and name with arity, as metadata has it: <c>System.Collections.Generic.List`1</c>.</summary>
    public static string ToMetadataName(this INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;

    public static AttributeData? FindAttribute(this ISymbol symbol, string metadataName)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            // The name alone first: analyzers ask this of every symbol, and a full name is put together anew each time.
            if (attribute.AttributeClass is { } type && metadataName.EndsWith(type.MetadataName, StringComparison.Ordinal) && type.ToMetadataName() == metadataName)
                return attribute;
        }

        return null;
    }

    public static bool HasAttribute(this ISymbol symbol, string metadataName) => symbol.FindAttribute(metadataName) is not null;

    /// <summary>A property of an attribute that was set by name.</summary>
    public static T Named<T>(this AttributeData attribute, string property, T otherwise)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property && argument.Value.Kind != TypedConstantKind.Error && argument.Value.Value is T value)
                return value;
        }

        return otherwise;
    }

    public static Location? FirstLocation(this ISymbol symbol) => symbol.Locations.FirstOrDefault();

    public static Location? FirstLocation(this AttributeData attribute) =>
        attribute.ApplicationSyntaxReference is { } reference ? Location.Create(reference.SyntaxTree, reference.Span) : null;
}
