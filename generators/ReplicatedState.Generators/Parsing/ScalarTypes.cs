using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The types that are one value: those that MessagePack defines, and those that ScalarFormat does.</summary>
internal static class ScalarTypes
{
    private static readonly HashSet<string> Native =
        ["Boolean", "Char", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double"];

    private static readonly HashSet<string> Fixed =
        ["Decimal", "Guid", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly", "TimeSpan", "Int128", "UInt128", "Half"];

    private static readonly HashSet<string> WideIntegers =
        ["Int32", "UInt32", "Int64", "UInt64", "Int128", "UInt128", "Guid", "TimeSpan", "TimeOnly", "DateOnly"];

    /// <summary>Whether <c>UntrustedComparer</c> hashes values of this type.</summary>
    public static bool IsWideInteger(string name) => WideIntegers.Contains(name);

    /// <summary>The model of a scalar type, or null where it isn't one.</summary>
    public static TypeModel? Find(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
            return new TypeModel { Shape = TypeShape.Bytes, TypeName = "byte[]", Identifier = "Bytes", IsReference = true };
        if (type.SpecialType == SpecialType.System_String)
            return new TypeModel { Shape = TypeShape.String, TypeName = "string", Identifier = "String", IsReference = true };
        if (type is not INamedTypeSymbol { IsValueType: true, IsGenericType: false, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            return null;
        bool isNative = Native.Contains(type.Name);
        if (!isNative && !Fixed.Contains(type.Name))
            return null;
        return new TypeModel
        {
            Shape = TypeShape.Scalar,
            TypeName = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            Identifier = type.Name,
            IsReference = false,
            Scalar = $"Read{type.Name}",
            IsNative = isNative,
            IsWideInteger = IsWideInteger(type.Name),
        };
    }
}
