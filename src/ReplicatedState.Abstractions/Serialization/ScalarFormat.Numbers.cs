using System.Buffers;
using System.Numerics;
using System.Text;
using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The fixed encodings of numbers, and of what is a number in all but name, that MessagePack itself doesn't define.</summary>
public static partial class ScalarFormat
{
    /// <summary>An integer of any size: its two's complement, big-endian, in as few bytes as hold it.</summary>
    public static void Write(ref MessagePackWriter writer, BigInteger value)
    {
        int size = value.GetByteCount();
        writer.WriteBinHeader(size);
        value.TryWriteBytes(writer.GetSpan(size), out int written, isUnsigned: false, isBigEndian: true);
        writer.Advance(written);
    }

    /// <summary>Reads an integer of any size.</summary>
    public static BigInteger ReadBigInteger(ref MessagePackReader reader)
    {
        ReadOnlySequence<byte> bytes = RequiredBytes(ref reader);
        return new BigInteger(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray(), isUnsigned: false, isBigEndian: true);
    }

    /// <summary>A complex number: <c>[real, imaginary]</c>.</summary>
    public static void Write(ref MessagePackWriter writer, Complex value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Real);
        writer.Write(value.Imaginary);
    }

    /// <summary>Reads a complex number.</summary>
    public static Complex ReadComplex(ref MessagePackReader reader)
    {
        ValueFormat.ReadTupleHeader(ref reader, 2);
        return new Complex(reader.ReadDouble(), reader.ReadDouble());
    }

    /// <summary>A Unicode scalar value: its number.</summary>
    public static void Write(ref MessagePackWriter writer, Rune value) => writer.Write(value.Value);

    /// <summary>Reads a Unicode scalar value.</summary>
    public static Rune ReadRune(ref MessagePackReader reader) => new(reader.ReadInt32());

    /// <summary>An index: from the start its number, and from the end the complement of it, <c>^1</c> being −2.</summary>
    public static void Write(ref MessagePackWriter writer, Index value) => writer.Write(ToInt32(value));

    /// <summary>Reads an index.</summary>
    public static Index ReadIndex(ref MessagePackReader reader)
    {
        int value = reader.ReadInt32();
        return value < 0 ? Index.FromEnd(~value) : Index.FromStart(value);
    }

    /// <summary>A range: <c>[start, end]</c>.</summary>
    public static void Write(ref MessagePackWriter writer, Range value)
    {
        writer.WriteArrayHeader(2);
        Write(ref writer, value.Start);
        Write(ref writer, value.End);
    }

    /// <summary>Reads a range.</summary>
    public static Range ReadRange(ref MessagePackReader reader)
    {
        ValueFormat.ReadTupleHeader(ref reader, 2);
        return new Range(ReadIndex(ref reader), ReadIndex(ref reader));
    }

    /// <summary>A version: its two, three or four numbers.</summary>
    public static void Write(ref MessagePackWriter writer, Version? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(value.Build < 0 ? 2 : value.Revision < 0 ? 3 : 4);
        writer.Write(value.Major);
        writer.Write(value.Minor);
        if (value.Build >= 0)
            writer.Write(value.Build);
        if (value.Revision >= 0)
            writer.Write(value.Revision);
    }

    /// <summary>Reads a version, or null for nil.</summary>
    public static Version? ReadVersion(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
            return null;
        int count = reader.ReadArrayHeader();
        return count switch
        {
            2 => new Version(reader.ReadInt32(), reader.ReadInt32()),
            3 => new Version(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()),
            4 => new Version(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()),
            _ => throw new MessagePackSerializationException($"a version has {count} numbers where 2 to 4 are required"),
        };
    }

    internal static int ToInt32(Index value) => value.IsFromEnd ? ~value.Value : value.Value;

    private static ReadOnlySequence<byte> RequiredBytes(ref MessagePackReader reader) =>
        reader.ReadBytes() ?? throw new MessagePackSerializationException("nil stands where bytes are required");
}
