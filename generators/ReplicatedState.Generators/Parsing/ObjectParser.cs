using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
        { TypeKind: TypeKind.Interface } => "is an interface that is neither one of the known collections nor a [Union]",
        { IsAbstract: true } => "is abstract and no [Union]: it doesn't say which members there are",
        { IsRefLikeType: true } => "is a ref struct",
        { SpecialType: SpecialType.System_Object } => "could be anything",
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "is as wide as the addresses of a processor, which may not be the same everywhere",
        _ when AsynchronousTypes.Contains(type) => "is a promise: a command has happened when it returns",
        _ when ObjectMembers.IsKeyValuePair(type) => null,
        _ when IsFromFramework(type) => "is a framework type without a fixed encoding",
        _ when FrameworkBase(type) is { } parent => $"derives from {parent.ToShortName()}, whose content would be lost; hold one instead",
        _ when type.HasAttribute("System.Runtime.CompilerServices.InlineArrayAttribute") => "is an [InlineArray], whose elements have no names; use an array",
        { TypeKind: TypeKind.Class or TypeKind.Struct } => null,
        _ => "is not a type that the generator can encode",
    };

    /// <summary>The model, or null with the reason why not.</summary>
    public static TypeModel? Parse(INamedTypeSymbol type, string name, string identifier, TypeParser types, out string? reason)
    {
        AttributeData? attribute = type.FindAttribute(KnownNames.MessagePackObject);
        bool isNamed = attribute is not null && ObjectMembers.HasNames(type, attribute);
        var slots = isNamed ? ObjectMembers.ByName(type, out reason)
            : attribute is not null ? ObjectMembers.ByNumber(type, out reason)
            : ObjectMembers.ByDeclaration(type, out reason);
        if (slots is null || Constructor(type, slots, types) is not { } constructor)
        {
            reason ??= "has no constructor whose parameters are all named after members";
            return null;
        }

        if (LostParameter(type, slots, constructor) is { } lost)
        {
            reason = $"has the primary constructor parameter '{lost}', which no member carries, and would lose it";
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

            members.Add(isNamed ? member with { Key = ObjectMembers.NameOf(slot) } : member);
        }

        if (constructor.Parameters.Length != members.Count(static member => member.Role == MemberRole.Constructor))
        {
            reason = "has a constructor with parameters that are not encoded";
            return null;
        }

        if (!isNamed)
            RequireLeadingMembers(members);
        return new TypeModel
        {
            Shape = TypeShape.Object,
            TypeName = name,
            Identifier = identifier,
            IsReference = type.IsReferenceType,
            IsNamed = isNamed,
            IsOpen = type is { IsReferenceType: true, IsSealed: false },
            IsCreatable = constructor.Parameters.IsEmpty && RunsInitializers(constructor) && !slots.Any(static slot => slot is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true }),
            ShortName = type.Name,
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

    private static INamedTypeSymbol? FrameworkBase(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? parent = type.BaseType; parent is { SpecialType: SpecialType.None }; parent = parent.BaseType)
        {
            if (IsFromFramework(parent))
                return parent;
        }

        return null;
    }

    /// <summary>A parameter that the whole type can use like a field, and that another constructor than the primary one would leave behind.</summary>
    private static string? LostParameter(INamedTypeSymbol type, IReadOnlyList<ISymbol?> slots, IMethodSymbol chosen)
    {
        if (chosen.HasAttribute(KnownNames.SerializationConstructor))
            return null;
        IMethodSymbol? primary = type.InstanceConstructors.FirstOrDefault(static constructor =>
            constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax));
        return primary?.Parameters.FirstOrDefault(parameter => !slots.Any(slot => slot is not null && Matches(parameter, slot)))?.Name;
    }

    private static MemberModel? ParseMember(ISymbol slot, IMethodSymbol constructor, TypeParser types, out string? reason)
    {
        ITypeSymbol type = slot is IFieldSymbol field ? field.Type : ((IPropertySymbol)slot).Type;
        if (!types.Compilation.IsSymbolAccessibleWithin((slot as IPropertySymbol)?.GetMethod ?? slot, types.Scope))
        {
            reason = "can't be read from here";
            return null;
        }

        if (types.Find(type, out reason, slot.FindAttribute(KnownNames.MessagePackFormatter)) is not { } use)
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

        bool isRequired = parameter is not null && slot is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true }
            && !constructor.HasAttribute("System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute");
        ExpressionSyntax? initializer = parameter is null && RunsInitializers(constructor) ? MemberInitializer.Of(slot) : null;
        return new MemberModel(
            slot.Name, use, type.ToDeclaredName(), role.Value, parameter?.Ordinal ?? -1, parameter is null ? null : DefaultValue.Of(parameter), IsRequired: isRequired)
        {
            HasInitializer = initializer is not null,
            Initializer = initializer is null ? null : MemberInitializer.TextOf(initializer),
        };
    }

    /// <summary>A struct that is made without a constructor of its own is all zeros, whatever it declares.</summary>
    private static bool RunsInitializers(IMethodSymbol constructor) => !(constructor.ContainingType.IsValueType && constructor.IsImplicitlyDeclared);

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
