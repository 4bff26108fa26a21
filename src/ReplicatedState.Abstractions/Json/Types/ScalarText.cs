using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;

namespace ReplicatedState.Json;

/// <summary>The text of scalars that .NET has no text of its own for, or none that is strict enough.</summary>
internal static class ScalarText
{
    private static readonly SearchValues<char> Bits = SearchValues.Create("01");

    public static bool TryParse(string text, out string? value)
    {
        value = text;
        return true;
    }

    public static bool TryParse(string text, out char value)
    {
        value = text.Length == 1 ? text[0] : default;
        return text.Length == 1;
    }

    public static bool TryParse(string text, out Rune value) =>
        Rune.TryGetRuneAt(text.Length == 0 ? "\uD800" : text, 0, out value) && value.Utf16SequenceLength == text.Length;

    public static bool TryParse(string text, out byte[]? value)
    {
        value = null;
        byte[] bytes = new byte[text.Length / 4 * 3];
        if (text.Length % 4 != 0 || !Convert.TryFromBase64String(text, bytes, out int length))
            return false;
        value = bytes[..length];
        return true;
    }

    public static bool TryParse(string text, out Memory<byte> value)
    {
        bool isRead = TryParse(text, out byte[]? bytes);
        value = bytes;
        return isRead;
    }

    public static bool TryParse(string text, out ReadOnlyMemory<byte> value)
    {
        bool isRead = TryParse(text, out byte[]? bytes);
        value = bytes;
        return isRead;
    }

    public static bool TryParse(string text, out BitArray? value)
    {
        value = null;
        if (text.AsSpan().ContainsAnyExcept(Bits))
            return false;
        value = new BitArray(text.Length);
        for (int i = 0; i < text.Length; i++)
            value[i] = text[i] == '1';
        return true;
    }

    public static string Format(BitArray value) =>
        string.Create(value.Count, value, static (text, bits) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = bits[i] ? '1' : '0';
        });

    public static bool TryParse(string text, out Guid value) => Guid.TryParseExact(text, "D", out value);

    /// <summary>What begins with a slash is a path in its place and no file of a Unix, whatever this process runs on.</summary>
    public static bool TryParse(string text, out Uri? value) =>
        Uri.TryCreate(text, text.StartsWith('/') ? UriKind.Relative : UriKind.RelativeOrAbsolute, out value);

    public static bool TryParse(string text, out Index value) => TryParse(text.AsSpan(), out value);

    public static bool TryParse(string text, out Range value)
    {
        value = default;
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0 || !TryParse(text.AsSpan(0, dots), out Index start) || !TryParse(text.AsSpan(dots + 2), out Index end))
            return false;
        value = new Range(start, end);
        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out Index value)
    {
        bool isFromEnd = text.StartsWith('^');
        bool isRead = int.TryParse(isFromEnd ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        value = new Index(number, isFromEnd);
        return isRead;
    }
}
