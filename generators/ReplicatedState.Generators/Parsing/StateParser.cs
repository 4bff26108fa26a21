using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From the fields and properties with [State] to their models.</summary>
internal static class StateParser
{
    public static EquatableArray<StateMemberModel> Parse(
        INamedTypeSymbol machine, int version, EquatableArray<RetiredStateModel> retired, TypeParser types, DefectList defects)
    {
        var declared = new List<(ISymbol Member, AttributeData Attribute, string Name, uint Key)>();
        Dictionary<uint, string> owners = retired.ToDictionary(static member => member.Key, static member => member.Name);
        foreach (ISymbol member in machine.GetMembers().Where(HoldsState))
        {
            AttributeData? attribute = member.FindAttribute(KnownNames.StateAttribute);
            bool isTransient = member.HasAttribute(KnownNames.TransientAttribute);
            if (attribute is null && !isTransient)
                defects.Add(DefectKind.UndeclaredMember, member.FirstLocation(), member.Name, "neither [State] nor [Transient]");
            else if (attribute is not null && isTransient)
                defects.Add(DefectKind.UndeclaredMember, member.FirstLocation(), member.Name, "both [State] and [Transient]");
            if (attribute is null)
                continue;
            string name = attribute.Named<string?>("Name", null) is { Length: > 0 } given ? given : member.Name;
            int number = attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is int value ? value : 0;
            if (attribute.ConstructorArguments.Length == 1 && number < 1)
                defects.Add(DefectKind.InvalidId, attribute.FirstLocation(), name, "an explicit key is 1 to 2147483647");
            int since = attribute.Named("Since", 1);
            int until = attribute.Named("Until", 0);
            if (since < 1 || since > version)
                defects.Add(DefectKind.InvalidId, attribute.FirstLocation(), name, $"Since is a version of the machine, 1 to {version}");
            if (until != 0 && (until <= since || until > version))
                defects.Add(DefectKind.InvalidId, attribute.FirstLocation(), name, $"Until is a version of the machine above Since, {since + 1} to {version}");
            uint key = MemberIdentity.Of(name, number);
            if (owners.TryGetValue(key, out string? owner))
                defects.Add(DefectKind.DuplicateIdentity, attribute.FirstLocation(), member.Name, owner, key.ToString());
            else
                owners.Add(key, member.Name);
            declared.Add((member, attribute, name, key));
        }

        // By key, so that neither snapshots nor hashes follow the order of declarations.
        declared.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        var state = new List<StateMemberModel>();
        foreach ((ISymbol member, AttributeData attribute, string name, uint key) in declared)
        {
            ITypeSymbol type = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
            if (types.Use(type, member.FirstLocation(), $"the state '{member.Name}'", defects) is not { } use)
                continue;
            if (RestoreOf(member, use, types) is { } restore)
                state.Add(new StateMemberModel(member.Name, name, key, attribute.Named("Since", 1), attribute.Named("Until", 0), use, type.ToDeclaredName(), restore, HasInitializer(member)));
            else
                defects.Add(DefectKind.StateNotRestorable, member.FirstLocation(), member.Name);
        }

        return state.ToEquatableArray();
    }

    /// <summary>The members that [RetiredState] names.</summary>
    public static EquatableArray<RetiredStateModel> ParseRetired(INamedTypeSymbol machine, DefectList defects)
    {
        var retired = new SortedDictionary<uint, RetiredStateModel>();
        foreach (AttributeData attribute in machine.GetAttributes().Where(static attribute => attribute.AttributeClass?.ToMetadataName() == KnownNames.RetiredStateAttribute))
        {
            string name = attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
            int number = attribute.Named("Key", 0);
            uint key = MemberIdentity.Of(name, number);
            if (name.Length == 0 || number < 0)
                defects.Add(DefectKind.InvalidId, attribute.FirstLocation(), name, "a retired member has a name, and an explicit key is 1 to 2147483647");
            else if (retired.TryGetValue(key, out RetiredStateModel? other))
                defects.Add(DefectKind.DuplicateIdentity, attribute.FirstLocation(), name, other.Name, key.ToString());
            else
                retired.Add(key, new RetiredStateModel(name, key));
        }

        return retired.Values.ToEquatableArray();
    }

    /// <summary>Instance fields and automatic properties, and whatever else was given one of the two attributes.</summary>
    private static bool HoldsState(ISymbol member) => member switch
    {
        { IsStatic: true } or { IsImplicitlyDeclared: true } => false,
        IFieldSymbol => true,
        IPropertySymbol property => HasBackingField(property)
            || member.HasAttribute(KnownNames.StateAttribute) || member.HasAttribute(KnownNames.TransientAttribute),
        _ => false,
    };

    private static bool HasBackingField(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>Whether a value is assigned where the member is declared, or, as it is read-only, by the constructor.</summary>
    private static bool HasInitializer(ISymbol member) =>
        member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null }
        || member.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() switch
        {
            VariableDeclaratorSyntax field => field.Initializer is { } initializer && !IsNothing(initializer.Value),
            PropertyDeclarationSyntax property => property.Initializer is { } initializer && !IsNothing(initializer.Value),
            _ => false,
        });

    private static bool IsNothing(ExpressionSyntax value) => value switch
    {
        PostfixUnaryExpressionSyntax { Operand: var operand } => IsNothing(operand),
        _ => value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression),
    };

    private static StateRestore? RestoreOf(ISymbol member, TypeUse use, TypeParser types)
    {
        bool isAssignable = member switch
        {
            IFieldSymbol field => !field.IsReadOnly,
            IPropertySymbol property => property.SetMethod is { IsInitOnly: false } && property.GetMethod is not null,
            _ => false,
        };
        bool isRefillable = types.TryRefill(use, isAssignable) && member is not IPropertySymbol { GetMethod: null };
        return (isAssignable, isRefillable) switch
        {
            (true, true) => StateRestore.RefillOrAssign,
            (true, false) => StateRestore.Assign,
            (false, true) => StateRestore.Refill,
            _ => null,
        };
    }
}
