using System.Buffers;
using System.Globalization;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>Sizes as people write them: <c>4194304</c>, <c>4MiB</c>, <c>4 MB</c>.</summary>
internal static class ByteSize
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("B", 1), ("KB", 1_000), ("KiB", 1L << 10), ("MB", 1_000_000), ("MiB", 1L << 20), ("GB", 1_000_000_000), ("GiB", 1L << 30),
    ];

    /// <exception cref="FormatException">The text is no size; the message says what to write.</exception>
    public static long Parse(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int digits = trimmed.IndexOfAnyExcept(NumberCharacters);
        ReadOnlySpan<char> number = digits < 0 ? trimmed : trimmed[..digits];
        ReadOnlySpan<char> unit = digits < 0 ? "B" : trimmed[digits..].TrimStart();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count))
            throw NotASize(text);
        foreach ((string name, long bytes) in Units)
        {
            if (!unit.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            decimal product = count * bytes;
            if (product > long.MaxValue || product != decimal.Truncate(product))
                throw NotASize(text);
            return (long)product;
        }

        throw NotASize(text);
    }

    /// <summary>The text with the largest binary unit that leaves a whole number.</summary>
    public static string Format(long bytes) => bytes switch
    {
        > 0 when bytes % (1L << 30) == 0 => $"{bytes >> 30}GiB",
        > 0 when bytes % (1L << 20) == 0 => $"{bytes >> 20}MiB",
        > 0 when bytes % (1L << 10) == 0 => $"{bytes >> 10}KiB",
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };

    private static FormatException NotASize(string text) => new($"'{text}' is no size: write 65536, 64KiB or 4MiB");
}
