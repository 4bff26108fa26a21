using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Generators.Parsing;

/// <summary>Which members of an object are encoded, and in which order.</summary>
internal static class ObjectMembers
{
    private const int KeyMax = 1023;

    /// <summary>Without [MessagePackObject]: the positional members of a record, then the others as declared, base classes first.</summary>
    public static IReadOnlyList<ISymbol?>? ByDeclaration(INamedTypeSymbol type, out string? reason)
    {
        reason = null;
        if (IsKeyValuePair(type))
            return [type.GetMembers("Key").First(), type.GetMembers("Value").First()];
        var slots = new List<ISymbol?>();
        foreach (ISymbol member in Declared(type))
        {
            if (Unreachable(member) is { } why)
            {
                reason = why;
                return null;
            }

            slots.Add(member);
        }

        // Between files there is no order, and the order is the encoding.
        if (slots.Select(member => PositionInPrimaryConstructor(type, member!) == int.MaxValue ? member!.Locations.FirstOrDefault()?.SourceTree : null)
            .Where(static tree => tree is not null).Distinct().Count() > 1)
        {
            reason = "declares its members in several files, so that they have no order; give them the numbers of [MessagePackObject] and [Key]";
            return null;
        }

        return [.. slots.OrderBy(member => PositionInPrimaryConstructor(type, member!))];
    }

    /// <summary>With [MessagePackObject]: by the numbers of [Key]; null for a number that no member has.</summary>
    public static IReadOnlyList<ISymbol?>? ByNumber(INamedTypeSymbol type, out string? reason)
    {
        reason = null;
        var slots = new SortedDictionary<int, ISymbol>();
        foreach (ISymbol member in Declared(type))
        {
            if (member.FindAttribute(KnownNames.Key)?.ConstructorArguments.FirstOrDefault().Value is not (int key and >= 0 and <= KeyMax))
                reason = $"has the member '{member.Name}' without a [Key(0…{KeyMax})]; give it one, or [IgnoreMember]";
            else if (slots.ContainsKey(key))
                reason = $"has the key {key} twice";
            else
                slots.Add(key, member);
            if (reason is not null)
                return null;
        }

        return [.. Enumerable.Range(0, slots.Count == 0 ? 0 : slots.Keys.Last() + 1).Select(key => slots.TryGetValue(key, out ISymbol? member) ? member : null)];
    }

    /// <summary>With [MessagePackObject] and names as keys: in the order of these, which no order of declarations changes.</summary>
    public static IReadOnlyList<ISymbol?>? ByName(INamedTypeSymbol type, out string? reason)
    {
        reason = null;
        var slots = new SortedDictionary<string, ISymbol>(StringComparer.Ordinal);
        foreach (ISymbol member in Declared(type))
        {
            string name = NameOf(member);
            if (member is not IEventSymbol && Unreachable(member) is { } why)
                reason = why;
            else if (member.FindAttribute(KnownNames.Key)?.ConstructorArguments.FirstOrDefault().Value is int)
                reason = $"has the member '{member.Name}' with a number as key, and others with names; use one or the other";
            else if (slots.ContainsKey(name))
                reason = $"has the key '{name}' twice";
            else
                slots.Add(name, member);
            if (reason is not null)
                return null;
        }

        return [.. slots.Values];
    }

    /// <summary>Whether the keys of a [MessagePackObject] are names.</summary>
    public static bool HasNames(INamedTypeSymbol type, AttributeData attribute) =>
        attribute.ConstructorArguments.Any(static argument => argument.Value is true)
        || Declared(type).Any(static member => member.FindAttribute(KnownNames.Key)?.ConstructorArguments.FirstOrDefault().Value is string);

    /// <summary>The name that stands for a member in an object that is encoded by names.</summary>
    public static string NameOf(ISymbol member) => member.FindAttribute(KnownNames.Key)?.ConstructorArguments.FirstOrDefault().Value as string ?? member.Name;

    /// <summary>The one framework type that is encoded by its members.</summary>
    public static bool IsKeyValuePair(INamedTypeSymbol type) =>
        type.OriginalDefinition.ToMetadataName() == "System.Collections.Generic.KeyValuePair`2";

    /// <summary>Every member that holds data, whether or not it can be reached: fields, and properties with a field of their own.</summary>
    private static IEnumerable<ISymbol> Declared(INamedTypeSymbol type)
    {
        IEnumerable<ISymbol> inherited = type.BaseType is { SpecialType: SpecialType.None } and { TypeKind: TypeKind.Class } parent ? Declared(parent) : [];
        return inherited.Concat(type.GetMembers().Where(static member => HoldsData(member) && !member.HasAttribute(KnownNames.IgnoreMember) && !member.HasAttribute(KnownNames.IgnoreDataMember)));
    }

    private static bool HoldsData(ISymbol member) => member switch
    {
        { IsStatic: true } => false,
        // In metadata nothing says that the field behind a struct's property is implicit, but its name does. One behind a captured parameter has another name, and no property that would carry it.
        IFieldSymbol { AssociatedSymbol: null, IsImplicitlyDeclared: false } => !member.Name.EndsWith(">k__BackingField", StringComparison.Ordinal),
        IPropertySymbol { IsIndexer: false } property => HasBackingField(property) || property.HasAttribute(KnownNames.Key),
        IEventSymbol { IsAbstract: false, AddMethod.IsImplicitlyDeclared: true } => !member.ContainingType.HasAttribute(KnownNames.MessagePackObject),
        _ => false,
    };

    /// <summary>In source the field is there to see; from metadata, where it isn't, accessors that the compiler wrote, or a pair of them, stand for it.</summary>
    private static bool HasBackingField(IPropertySymbol property) =>
        property.Locations.Any(static location => location.IsInSource)
            ? property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
            : property is { GetMethod: not null, SetMethod: not null }
                || (property is { GetMethod: { } getter, Name: not "EqualityContract" } && getter.HasAttribute("System.Runtime.CompilerServices.CompilerGeneratedAttribute"));

    private static string? Unreachable(ISymbol member) => member switch
    {
        IEventSymbol => $"has the event '{member.Name}', whose handlers would be lost",
        { DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal) } =>
            $"has the member '{member.Name}', which is {member.DeclaredAccessibility.ToString().ToLowerInvariant()} and would be lost; make it public or mark it [IgnoreMember]",
        IPropertySymbol { GetMethod: null } => $"has the member '{member.Name}', which can't be read",
        _ => null,
    };

    private static int PositionInPrimaryConstructor(INamedTypeSymbol type, ISymbol member)
    {
        if (!type.IsRecord)
            return int.MaxValue;
        IMethodSymbol? primary = type.InstanceConstructors
            .Where(constructor => !(constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type)))
            .OrderByDescending(static constructor => constructor.Parameters.Length)
            .FirstOrDefault();
        int position = primary?.Parameters.ToList().FindIndex(parameter => parameter.Name == member.Name) ?? -1;
        return position < 0 ? int.MaxValue : position;
    }
}
