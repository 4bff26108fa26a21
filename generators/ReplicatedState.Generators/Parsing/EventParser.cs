using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From the [Emits] of a machine to their models.</summary>
internal static class EventParser
{
    public static EquatableArray<EventModel> Parse(INamedTypeSymbol machine, int version, TypeParser types, DefectList defects)
    {
        var declared = machine.GetAttributes()
            .Where(static attribute => attribute.AttributeClass is { TypeArguments.Length: 1 } type && type.ToMetadataName() == KnownNames.EmitsAttribute)
            .Select(static attribute => (Attribute: attribute, Type: attribute.AttributeClass!.TypeArguments[0]))
            .Select(static emits => (emits.Attribute, emits.Type, Name: NameOf(emits.Attribute, emits.Type)))
            .OrderBy(static emits => emits.Name, System.StringComparer.Ordinal);
        var events = new List<EventModel>();
        var names = new Dictionary<uint, string>();
        var typesSeen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        foreach ((AttributeData attribute, ITypeSymbol type, string name) in declared)
        {
            Location? location = attribute.FirstLocation();
            int number = attribute.Named("Id", 0);
            int since = attribute.Named("Since", 1);
            if (number < 0)
                defects.Add(DefectKind.InvalidId, location, name, "an explicit Id is 1 to 2147483647");
            if (since < 1 || since > version)
                defects.Add(DefectKind.InvalidId, location, name, $"Since is a version of the machine, 1 to {version}");
            uint id = MemberIdentity.Of(name, number);
            if (names.TryGetValue(id, out string? owner))
                defects.Add(DefectKind.DuplicateIdentity, location, name, owner, id.ToString());
            else
                names.Add(id, name);
            if (!typesSeen.Add(type))
                defects.Add(DefectKind.InvalidId, location, name, $"the machine emits {type.ToShortName()} twice, so nobody could tell which event is meant");
            string identifier = MemberIdentity.ToIdentifier(name);
            if (machine.GetMembers($"Watch{identifier}").FirstOrDefault(IsCall) is { } call)
                defects.Add(DefectKind.GeneratedNameCollision, call.FirstLocation(), $"Watch{identifier}Async", machine.Name);

            // Null is no event, whatever the attribute's file says of null.
            ITypeSymbol plain = type.IsReferenceType ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type;
            if (types.Use(plain, location, $"the event '{name}'", defects) is { } use)
                events.Add(new EventModel(identifier, name, id, since, use, plain.ToDeclaredName(), IsOpen(plain)));
        }

        return events.ToEquatableArray();
    }

    private static string NameOf(AttributeData attribute, ITypeSymbol type) =>
        attribute.Named<string?>("Name", null) is { Length: > 0 } name ? name : type.Name.Length > 0 ? type.Name : type.ToShortName();

    private static bool IsCall(ISymbol member) => member.HasAttribute(KnownNames.CommandAttribute) || member.HasAttribute(KnownNames.QueryAttribute);

    private static bool IsOpen(ITypeSymbol type) => type.TypeKind == TypeKind.Interface || type is { TypeKind: TypeKind.Class, IsSealed: false };
}
