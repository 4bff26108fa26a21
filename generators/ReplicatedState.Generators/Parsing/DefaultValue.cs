using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The C# expression of a parameter's default value.</summary>
internal static class DefaultValue
{
    /// <summary>The expression, or null where the parameter has no default.</summary>
    public static string? Of(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue)
            return null;
        ITypeSymbol type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : parameter.Type;
        return parameter.ExplicitDefaultValue switch
        {
            null => "default",
            object value when type.TypeKind == TypeKind.Enum => $"({type.ToDeclaredName()})({SymbolDisplay.FormatPrimitive(value, false, false)})",
            float value => OfDouble(value, "float", value.ToString("R", CultureInfo.InvariantCulture) + "F"),
            double value => OfDouble(value, "double", value.ToString("R", CultureInfo.InvariantCulture) + "D"),
            decimal value => value.ToString(CultureInfo.InvariantCulture) + "M",
            // In a conditional expression the literal alone would make an int of it.
            byte or sbyte or short or ushort => $"({type.ToDeclaredName()}){System.Convert.ToString(parameter.ExplicitDefaultValue, CultureInfo.InvariantCulture)}",
            long value when value == long.MinValue => "long.MinValue",
            int value when value == int.MinValue => "int.MinValue",
            object value => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
        };
    }

    private static string OfDouble(double value, string keyword, string literal)
    {
        if (double.IsNaN(value))
            return $"{keyword}.NaN";
        if (double.IsInfinity(value))
            return value > 0 ? $"{keyword}.PositiveInfinity" : $"{keyword}.NegativeInfinity";
        return literal;
    }
}
