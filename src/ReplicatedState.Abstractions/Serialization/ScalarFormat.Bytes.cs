using System.Buffers;
using System.Collections;
using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The fixed encodings of bytes, bits and addresses.</summary>
public static partial class ScalarFormat
{
    /// <summary>Reads a byte string, or null for nil.</summary>
    public static byte[]? ReadBytes(ref MessagePackReader reader) => reader.ReadBytes()?.ToArray();

    /// <summary>Bytes: a byte string, of their own once they are read.</summary>
    public static void Write(ref MessagePackWriter writer, ReadOnlyMemory<byte> value) => writer.Write(value.Span);

    /// <summary>Reads bytes.</summary>
    public static ReadOnlyMemory<byte> ReadReadOnlyMemory(ref MessagePackReader reader) => RequiredBytes(ref reader).ToArray();

    /// <summary>Bytes: a byte string, of their own once they are read.</summary>
    public static void Write(ref MessagePackWriter writer, Memory<byte> value) => writer.Write(value.Span);

    /// <summary>Reads bytes.</summary>
    public static Memory<byte> ReadMemory(ref MessagePackReader reader) => RequiredBytes(ref reader).ToArray();

    /// <summary>Bits: <c>[count, bytes]</c>, the first bit being the lowest of the first byte.</summary>
    public static void Write(ref MessagePackWriter writer, BitArray? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(2);
        writer.Write(value.Count);
        writer.Write(ToBytes(value));
    }

    /// <summary>Reads bits, or null for nil.</summary>
    public static BitArray? ReadBitArray(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
            return null;
        ValueFormat.ReadTupleHeader(ref reader, 2);
        int count = reader.ReadInt32();
        byte[] bytes = RequiredBytes(ref reader).ToArray();
        if (count < 0 || bytes.Length != BytesOf(count) || (count % 8 != 0 && bytes[^1] >> (count % 8) != 0))
            throw new MessagePackSerializationException($"{bytes.Length} bytes don't hold exactly {count} bits");
        return new BitArray(bytes) { Length = count };
    }

    /// <summary>
    /// An address: <c>[1, text]</c> where it is absolute and <c>[2, text]</c> where it is relative. A bare path of a Unix file, which
    /// only a Unix reads as an absolute address, is written with its scheme.
    /// </summary>
    public static void Write(ref MessagePackWriter writer, Uri? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(2);
        writer.Write((byte)(value.IsAbsoluteUri ? UriKind.Absolute : UriKind.Relative));
        writer.Write(TextOf(value));
    }

    /// <summary>Reads an address, or null for nil.</summary>
    public static Uri? ReadUri(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
            return null;
        ValueFormat.ReadTupleHeader(ref reader, 2);
        var kind = (UriKind)reader.ReadByte();
        string? text = reader.ReadString();
        if (kind is not (UriKind.Absolute or UriKind.Relative) || text is null || (kind == UriKind.Absolute && text.StartsWith('/')))
            throw new MessagePackSerializationException($"'{text}' is no address of the kind {(int)kind}");
        return new Uri(text, kind);
    }

    internal static string TextOf(Uri value) =>
        value.IsAbsoluteUri && value.OriginalString.StartsWith('/') ? value.AbsoluteUri : value.OriginalString;

    internal static byte[] ToBytes(BitArray value)
    {
        var bytes = new byte[BytesOf(value.Count)];
        value.CopyTo(bytes, 0);
        return bytes;
    }

    private static int BytesOf(int bits) => (int)(((long)bits + 7) / 8);
}
