using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From [MessagePackFormatter] on a type or a member to the user's own codec.</summary>
internal static class FormatterParser
{
    /// <summary>The model, or null with the reason why not.</summary>
    public static TypeModel? Parse(ITypeSymbol type, string name, string identifier, AttributeData attribute, TypeParser types, out string? reason)
    {
        reason = null;
        if (attribute.ConstructorArguments.FirstOrDefault().Value is not INamedTypeSymbol formatter)
        {
            reason = "has a [MessagePackFormatter] that names no type";
            return null;
        }

        if (formatter.IsUnboundGenericType && type is INamedTypeSymbol { IsGenericType: true } generic && generic.TypeArguments.Length == formatter.OriginalDefinition.TypeParameters.Length)
            formatter = formatter.OriginalDefinition.Construct([.. generic.TypeArguments]);
        string? instance = InstanceOf(formatter, types);
        if (attribute.ConstructorArguments.Length > 1 && !attribute.ConstructorArguments[1].Values.IsDefaultOrEmpty)
            reason = $"has the formatter {formatter.ToShortName()} with arguments; give it a constructor without parameters";
        else if (!formatter.AllInterfaces.Any(candidate => IsFormatterOf(candidate, type)))
            reason = $"has the formatter {formatter.ToShortName()}, which is no IMessagePackFormatter<{type.ToShortName()}>";
        else if (instance is null)
            reason = $"has the formatter {formatter.ToShortName()}, which has neither an accessible constructor without parameters nor a static Instance";
        return reason is not null ? null : new TypeModel
        {
            Shape = TypeShape.Custom,
            TypeName = name,
            Identifier = identifier,
            IsReference = type.IsReferenceType,
            Formatter = instance!,
            ShortName = type.Name,
        };
    }

    private static bool IsFormatterOf(INamedTypeSymbol candidate, ITypeSymbol type) =>
        candidate.OriginalDefinition.ToMetadataName() == "MessagePack.Formatters.IMessagePackFormatter`1" && SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], type);

    private static string? InstanceOf(INamedTypeSymbol formatter, TypeParser types)
    {
        if (formatter.GetMembers("Instance").Any(member => member is IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true, GetMethod: not null } && types.Compilation.IsSymbolAccessibleWithin(member, types.Scope)))
            return $"{formatter.ToDeclaredName()}.Instance";
        return !formatter.IsAbstract && formatter.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty && types.Compilation.IsSymbolAccessibleWithin(constructor, types.Scope))
            ? $"new {formatter.ToDeclaredName()}()"
            : null;
    }
}
