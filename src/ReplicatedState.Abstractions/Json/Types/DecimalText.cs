using System.Globalization;

namespace ReplicatedState.Json;

/// <summary>Decimals as text, to the last zero: .NET rounds what doesn't fit, and an amount that somebody sent must not become another one.</summary>
internal static class DecimalText
{
    private const int ExponentDigitsMax = 6;

    /// <summary>The number with its zeros, and with its sign even where it is zero, which .NET's own text leaves out.</summary>
    public static string Format(decimal value) =>
        (decimal.IsNegative(value) && value == 0 ? "-" : "") + value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the value is the number that the text says.</summary>
    public static bool IsExact(string text, decimal value) =>
        Significant(text) is { } said && said == Significant(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The digits between the zeros at both ends, and the power of ten that they are multiplied with; null for a power that no decimal has.</summary>
    private static (string Digits, int Exponent)? Significant(string number)
    {
        int mark = number.AsSpan().IndexOfAny('e', 'E');
        ReadOnlySpan<char> mantissa = (mark < 0 ? number : number.AsSpan(0, mark)).TrimStart("+-");
        ReadOnlySpan<char> power = mark < 0 ? "0" : number.AsSpan(mark + 1);
        int point = mantissa.IndexOf('.');
        string digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        string trimmed = digits.TrimEnd('0');
        string significant = trimmed.TrimStart('0');
        if (significant.Length == 0)
            return ("", 0);
        if (power.TrimStart("+-").TrimStart('0').Length > ExponentDigitsMax)
            return null;
        int fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        return (significant, int.Parse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) - fraction + digits.Length - trimmed.Length);
    }
}
