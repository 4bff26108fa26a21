using System.Buffers;
using System.Buffers.Binary;
using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The fixed encodings of scalar types that MessagePack itself doesn't define.</summary>
/// <remarks>They are part of the wire and of every snapshot, and never change.</remarks>
public static partial class ScalarFormat
{
    private const int WordSize = 16;

    /// <summary>A GUID: 16 bytes, big-endian, in the order of its text.</summary>
    public static void Write(ref MessagePackWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        writer.Write(bytes);
    }

    /// <summary>Reads a GUID.</summary>
    public static Guid ReadGuid(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        ReadWord(ref reader, bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A 128-bit integer: 16 bytes, big-endian.</summary>
    public static void Write(ref MessagePackWriter writer, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        writer.Write(bytes);
    }

    /// <summary>Reads a 128-bit integer.</summary>
    public static UInt128 ReadUInt128(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        ReadWord(ref reader, bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>A signed 128-bit integer: 16 bytes, two's complement, big-endian.</summary>
    public static void Write(ref MessagePackWriter writer, Int128 value) => Write(ref writer, (UInt128)value);

    /// <summary>Reads a signed 128-bit integer.</summary>
    public static Int128 ReadInt128(ref MessagePackReader reader) => (Int128)ReadUInt128(ref reader);

    /// <summary>A decimal: the 16 bytes of <see cref="decimal.GetBits(decimal)"/>, big-endian from flags to low, so that 1.0 and 1.00 stay apart.</summary>
    public static void Write(ref MessagePackWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        Span<byte> bytes = stackalloc byte[WordSize];
        for (int i = 0; i < parts.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes[(4 * i)..], parts[3 - i]);
        writer.Write(bytes);
    }

    /// <summary>Reads a decimal.</summary>
    public static decimal ReadDecimal(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        ReadWord(ref reader, bytes);
        Span<int> parts = stackalloc int[4];
        for (int i = 0; i < parts.Length; i++)
            parts[3 - i] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 * i)..]);
        return new decimal(parts);
    }

    /// <summary>A date and time: <c>[ticks, kind]</c> as they are. Nothing is converted, because replicas may live in different time zones.</summary>
    public static void Write(ref MessagePackWriter writer, DateTime value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Ticks);
        writer.Write((byte)value.Kind);
    }

    /// <summary>Reads a date and time.</summary>
    public static DateTime ReadDateTime(ref MessagePackReader reader)
    {
        ValueFormat.ReadTupleHeader(ref reader, 2);
        return new DateTime(reader.ReadInt64(), (DateTimeKind)reader.ReadByte());
    }

    /// <summary>A point in time: <c>[UTC ticks of 100 ns, offset in minutes]</c>.</summary>
    public static void Write(ref MessagePackWriter writer, DateTimeOffset value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.UtcTicks);
        writer.Write((short)value.TotalOffsetMinutes);
    }

    /// <summary>Reads a point in time.</summary>
    public static DateTimeOffset ReadDateTimeOffset(ref MessagePackReader reader)
    {
        ValueFormat.ReadTupleHeader(ref reader, 2);
        var utc = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        return utc.ToOffset(TimeSpan.FromMinutes(reader.ReadInt16()));
    }

    /// <summary>A date: days since 0001-01-01.</summary>
    public static void Write(ref MessagePackWriter writer, DateOnly value) => writer.Write(value.DayNumber);

    /// <summary>Reads a date.</summary>
    public static DateOnly ReadDateOnly(ref MessagePackReader reader) => DateOnly.FromDayNumber(reader.ReadInt32());

    /// <summary>A time of day: ticks of 100 ns since midnight.</summary>
    public static void Write(ref MessagePackWriter writer, TimeOnly value) => writer.Write(value.Ticks);

    /// <summary>Reads a time of day.</summary>
    public static TimeOnly ReadTimeOnly(ref MessagePackReader reader) => new(reader.ReadInt64());

    /// <summary>A duration: ticks of 100 ns.</summary>
    public static void Write(ref MessagePackWriter writer, TimeSpan value) => writer.Write(value.Ticks);

    /// <summary>Reads a duration.</summary>
    public static TimeSpan ReadTimeSpan(ref MessagePackReader reader) => new(reader.ReadInt64());

    /// <summary>A half-precision number: its 16 bits as an integer.</summary>
    public static void Write(ref MessagePackWriter writer, Half value) => writer.Write(BitConverter.HalfToUInt16Bits(value));

    /// <summary>Reads a half-precision number.</summary>
    public static Half ReadHalf(ref MessagePackReader reader) => BitConverter.UInt16BitsToHalf(reader.ReadUInt16());

    private static void ReadWord(ref MessagePackReader reader, scoped Span<byte> bytes)
    {
        ReadOnlySequence<byte>? word = reader.ReadBytes();
        if (word is not { Length: WordSize } sequence)
            throw new MessagePackSerializationException($"{word?.Length ?? 0} bytes stand where {WordSize} are required");
        sequence.CopyTo(bytes);
    }
}
