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
    [
        "System.Decimal", "System.Guid", "System.DateTime", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.TimeSpan",
        "System.Int128", "System.UInt128", "System.Half", "System.Index", "System.Range", "System.Uri", "System.Version", "System.Text.Rune",
        "System.Numerics.BigInteger", "System.Numerics.Complex", "System.Collections.BitArray",
    ];

    private static readonly HashSet<string> WeaklyHashed =
    [
        "Int32", "UInt32", "Int64", "UInt64", "Int128", "UInt128", "Guid", "TimeSpan", "TimeOnly", "DateOnly", "Index", "Range",
        "Half", "Single", "Double", "Decimal", "DateTime", "DateTimeOffset", "BigInteger",
    ];

    /// <summary>Whether a caller could send many values of this type with one hash code; <c>UntrustedComparer</c> hashes them.</summary>
    public static bool HasWeakHash(string name) => WeaklyHashed.Contains(name);

    /// <summary>The model of a scalar type, or null where it isn't one.</summary>
    public static TypeModel? Find(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
            return new TypeModel { Shape = TypeShape.Bytes, TypeName = "byte[]", Identifier = "Bytes", IsReference = true };
        if (type.SpecialType == SpecialType.System_String)
            return new TypeModel { Shape = TypeShape.String, TypeName = "string", Identifier = "String", IsReference = true };
        if (type is not INamedTypeSymbol named || !(named.IsGenericType ? IsMemoryOfBytes(named) : IsNative(named) || Fixed.Contains(named.ToMetadataName())))
            return null;
        return new TypeModel
        {
            Shape = TypeShape.Scalar,
            TypeName = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            Identifier = type.Name,
            IsReference = type.IsReferenceType,
            Scalar = $"Read{type.Name}",
            IsNative = IsNative(named),
            HasWeakHash = HasWeakHash(type.Name),
        };
    }

    private static bool IsNative(INamedTypeSymbol type) =>
        type is { IsValueType: true, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } && Native.Contains(type.Name);

    private static bool IsMemoryOfBytes(INamedTypeSymbol type) =>
        type.OriginalDefinition.ToMetadataName() is "System.Memory`1" or "System.ReadOnlyMemory`1" && type.TypeArguments[0].SpecialType == SpecialType.System_Byte;
}
