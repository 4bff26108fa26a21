using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From records, structs, plain classes and [MessagePackObject] types to the members that are encoded.</summary>
/// <remarks>A type whose values wouldn't survive encoding whole is refused: state that a snapshot drops is lost.</remarks>
internal static class ObjectParser
{
    /// <summary>Why no type of this kind can be encoded, or null.</summary>
    public static string? Refusal(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Delegate } => "is a delegate: code can't be replicated",
        { TypeKind: TypeKind.Interface } => "is an interface that is not one of the known collections",
        { IsAbstract: true } => "is abstract: it doesn't say which members there are",
        { IsRefLikeType: true } => "is a ref struct",
        { SpecialType: SpecialType.System_Object } => "could be anything",
        _ when AsynchronousTypes.Contains(type) => "is a promise: a command has happened when it returns",
        _ when ObjectMembers.IsKeyValuePair(type) => null,
        _ when IsFromFramework(type) => "is a framework type without a fixed encoding",
        { TypeKind: TypeKind.Class or TypeKind.Struct } => null,
        _ => "is not a type that the generator can encode",
    };

    /// <summary>The model, or null with the reason why not.</summary>
    public static TypeModel? Parse(INamedTypeSymbol type, string name, string identifier, TypeParser types, out string? reason)
    {
        var slots = type.FindAttribute(KnownNames.MessagePackObject) is { } attribute
            ? ObjectMembers.ByKey(type, attribute, out reason)
            : ObjectMembers.ByDeclaration(type, out reason);
        if (slots is null || Constructor(type, slots, types) is not { } constructor)
        {
            reason ??= "has no constructor whose parameters are all named after members";
            return null;
        }

        var members = new List<MemberModel>();
        foreach (ISymbol? slot in slots)
        {
            if (slot is null)
            {
                members.Add(new MemberModel("", default, "", MemberRole.Hole, -1, null));
                continue;
            }

            if (ParseMember(slot, constructor, types, out reason) is not { } member)
            {
                reason = $"has the member '{slot.Name}', which {reason}";
                return null;
            }

            members.Add(member);
        }

        if (constructor.Parameters.Length != members.Count(static member => member.Role == MemberRole.Constructor))
        {
            reason = "has a constructor with parameters that are not encoded";
            return null;
        }

        RequireLeadingMembers(members);
        return new TypeModel
        {
            Shape = TypeShape.Object,
            TypeName = name,
            Identifier = identifier,
            IsReference = type.IsReferenceType,
            IsOpen = type is { IsReferenceType: true, IsSealed: false },
            Members = members.ToEquatableArray(),
        };
    }

    private static bool IsFromFramework(INamedTypeSymbol type)
    {
        INamespaceSymbol space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
            space = space.ContainingNamespace;
        return space.Name is "System" or "Microsoft" && !type.HasAttribute(KnownNames.MessagePackObject)
            && !type.Locations.Any(static location => location.IsInSource);
    }

    private static MemberModel? ParseMember(ISymbol slot, IMethodSymbol constructor, TypeParser types, out string? reason)
    {
        ITypeSymbol type = slot is IFieldSymbol field ? field.Type : ((IPropertySymbol)slot).Type;
        if (!types.Compilation.IsSymbolAccessibleWithin((slot as IPropertySymbol)?.GetMethod ?? slot, types.Scope))
        {
            reason = "can't be read from here";
            return null;
        }

        if (types.Find(type, out reason) is not { } use)
        {
            reason = $"is {type.ToShortName()}, which {reason}";
            return null;
        }

        IParameterSymbol? parameter = constructor.Parameters.FirstOrDefault(candidate => Matches(candidate, slot));
        MemberRole? role = parameter is not null ? MemberRole.Constructor : RoleOf(slot, types);
        if (role is null)
        {
            reason = "can neither be set nor passed to the constructor, and would be lost";
            return null;
        }

        return new MemberModel(slot.Name, use, type.ToDeclaredName(), role.Value, parameter?.Ordinal ?? -1, parameter is null ? null : DefaultValue.Of(parameter));
    }

    private static MemberRole? RoleOf(ISymbol slot, TypeParser types) => slot switch
    {
        IFieldSymbol { IsReadOnly: true } => null,
        IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true } => MemberRole.Initializer,
        IFieldSymbol => MemberRole.Assignment,
        IPropertySymbol { SetMethod: { } setter } when types.Compilation.IsSymbolAccessibleWithin(setter, types.Scope) =>
            setter.IsInitOnly ? MemberRole.Initializer : MemberRole.Assignment,
        _ => null,
    };

    /// <summary>What is assigned after construction can only be read after everything that construction needs.</summary>
    private static void RequireLeadingMembers(List<MemberModel> members)
    {
        int last = members.FindLastIndex(static member => member.Role is MemberRole.Constructor or MemberRole.Initializer);
        for (int i = 0; i < last; i++)
        {
            if (members[i].Role == MemberRole.Assignment)
                members[i] = members[i] with { Role = MemberRole.Initializer };
        }
    }

    /// <summary>The constructor marked for it, or else the one that takes the most members.</summary>
    private static IMethodSymbol? Constructor(INamedTypeSymbol type, IReadOnlyList<ISymbol?> slots, TypeParser types)
    {
        var usable = type.InstanceConstructors
            .Where(constructor => types.Compilation.IsSymbolAccessibleWithin(constructor, types.Scope))
            .Where(constructor => constructor.Parameters.All(parameter => parameter.RefKind == RefKind.None && slots.Any(slot => slot is not null && Matches(parameter, slot))))
            .ToList();
        return usable.FirstOrDefault(static constructor => constructor.HasAttribute(KnownNames.SerializationConstructor))
            ?? usable.OrderByDescending(static constructor => constructor.Parameters.Length).FirstOrDefault();
    }

    private static bool Matches(IParameterSymbol parameter, ISymbol slot) =>
        string.Equals(parameter.Name, slot.Name, StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(parameter.Type, slot is IFieldSymbol field ? field.Type : ((IPropertySymbol)slot).Type);
}
