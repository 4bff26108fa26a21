using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From an interface or abstract class with [Union] to its cases.</summary>
internal static class UnionParser
{
    /// <summary>The model, or null with the reason why not.</summary>
    public static TypeModel? Parse(INamedTypeSymbol type, string name, string identifier, TypeParser types, out string? reason)
    {
        reason = null;
        var cases = new SortedDictionary<int, TypeUse>();
        var known = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        foreach (AttributeData attribute in type.GetAttributes().Where(static attribute => attribute.AttributeClass?.ToMetadataName() == KnownNames.Union))
        {
            if (attribute.ConstructorArguments.Length != 2 || attribute.ConstructorArguments[0].Value is not int number || attribute.ConstructorArguments[1].Value is not INamedTypeSymbol alternative)
                reason = "has a [Union] that doesn't name its type by typeof";
            else if (alternative.IsAbstract || alternative.IsUnboundGenericType || !types.Compilation.HasImplicitConversion(alternative, type))
                reason = $"has the [Union] case {alternative.ToShortName()}, which is no class or struct that can stand for it";
            else if (cases.ContainsKey(number) || !known.Add(alternative))
                reason = $"has two [Union] cases with the number {number}, or the case {alternative.ToShortName()} twice";
            else if (types.Find(alternative.WithNullableAnnotation(NullableAnnotation.NotAnnotated), out reason) is { } use)
                cases.Add(number, use);
            else
                reason = $"has the [Union] case {alternative.ToShortName()}, which {reason}";
            if (reason is not null)
                return null;
        }

        return new TypeModel
        {
            Shape = TypeShape.Union,
            TypeName = name,
            Identifier = identifier,
            IsReference = true,
            ShortName = type.Name,
            Arguments = cases.Values.ToEquatableArray(),
            CaseNumbers = cases.Keys.ToEquatableArray(),
        };
    }
}
