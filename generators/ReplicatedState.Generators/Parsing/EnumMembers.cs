using System;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The members of an enum in the order of their declaration.</summary>
internal static class EnumMembers
{
    public static EquatableArray<EnumMemberModel> Of(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue)
            .Select(static field => new EnumMemberModel(field.Name, Convert.ToString(field.ConstantValue, CultureInfo.InvariantCulture)!))
            .ToEquatableArray();
}
