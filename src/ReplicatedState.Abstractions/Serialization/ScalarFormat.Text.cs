using System.Buffers;
using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The fixed encoding of text.</summary>
public static partial class ScalarFormat
{
    /// <summary>
    /// Text: a string; and text that is no Unicode, because half of a surrogate pair stands alone in it, a byte string of its UTF-16, little-endian.
    /// UTF-8 would put another character there, and a replica that was restored would differ from one that lived.
    /// </summary>
    public static void Write(ref MessagePackWriter writer, string? value)
    {
        if (value is null || IsUnicode(value))
        {
            writer.Write(value);
            return;
        }

        writer.WriteBinHeader(checked(value.Length * sizeof(char)));
        foreach (char unit in value)
        {
            Span<byte> bytes = writer.GetSpan(sizeof(char));
            bytes[0] = (byte)unit;
            bytes[1] = (byte)(unit >> 8);
            writer.Advance(sizeof(char));
        }
    }

    /// <summary>Reads text, or null for nil.</summary>
    public static string? ReadString(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Binary)
            return reader.ReadString();
        byte[] bytes = RequiredBytes(ref reader).ToArray();
        string value = string.Create(bytes.Length / sizeof(char), bytes, static (units, bytes) =>
        {
            for (int i = 0; i < units.Length; i++)
                units[i] = (char)(bytes[2 * i] | (bytes[(2 * i) + 1] << 8));
        });
        if (bytes.Length % sizeof(char) != 0 || IsUnicode(value))
            throw new MessagePackSerializationException($"{bytes.Length} bytes stand where text is required");
        return value;
    }

    private static bool IsUnicode(string value)
    {
        ReadOnlySpan<char> rest = value;
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return false;
            rest = rest[(at + 2)..];
        }

        return true;
    }
}
