using System.Globalization;
using System.Numerics;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>The numbers. Wide ones may come as text too.</summary>
public abstract partial class JsonType
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A whole number.</summary>
    public static JsonType SByte { get; } = new NumberType<sbyte>(From(sbyte.MinValue, sbyte.MaxValue), Whole, false, static (ref reader) => reader.ReadSByte(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType Byte { get; } = new NumberType<byte>(From(byte.MinValue, byte.MaxValue), Whole, false, static (ref reader) => reader.ReadByte(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType Int16 { get; } = new NumberType<short>(From(short.MinValue, short.MaxValue), Whole, false, static (ref reader) => reader.ReadInt16(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType UInt16 { get; } = new NumberType<ushort>(From(ushort.MinValue, ushort.MaxValue), Whole, false, static (ref reader) => reader.ReadUInt16(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType Int32 { get; } = new NumberType<int>(From(int.MinValue, int.MaxValue), Whole, false, static (ref reader) => reader.ReadInt32(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType UInt32 { get; } = new NumberType<uint>(From(uint.MinValue, uint.MaxValue), Whole, false, static (ref reader) => reader.ReadUInt32(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType Int64 { get; } = new NumberType<long>(From(long.MinValue, long.MaxValue), Whole, true, static (ref reader) => reader.ReadInt64(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType UInt64 { get; } = new NumberType<ulong>(From(ulong.MinValue, ulong.MaxValue), Whole, true, static (ref reader) => reader.ReadUInt64(), static (ref writer, value) => writer.Write(value));

    /// <summary>A whole number.</summary>
    public static JsonType Int128 { get; } = new NumberType<Int128>(From(System.Int128.MinValue, System.Int128.MaxValue), Whole, true, ScalarFormat.ReadInt128, ScalarFormat.Write);

    /// <summary>A whole number.</summary>
    public static JsonType UInt128 { get; } = new NumberType<UInt128>(From(System.UInt128.MinValue, System.UInt128.MaxValue), Whole, true, ScalarFormat.ReadUInt128, ScalarFormat.Write);

    /// <summary>A whole number of any size, up to 20 000 digits where it is read.</summary>
    public static JsonType BigInteger { get; } = new NumberType<BigInteger>("a whole number of up to 20000 digits", Whole, true, ScalarFormat.ReadBigInteger, ScalarFormat.Write);

    /// <summary>A decimal number, whose zeros at the end count.</summary>
    public static JsonType Decimal { get; } = new NumberType<decimal>("a number that a decimal holds without rounding", Real, true, ScalarFormat.ReadDecimal, ScalarFormat.Write, DecimalText.Format, DecimalText.IsExact);

    /// <summary>A number, or <c>"NaN"</c>, <c>"Infinity"</c> or <c>"-Infinity"</c>.</summary>
    public static JsonType Half { get; } = new NumberType<Half>(Finite(System.Half.MaxValue), Real, false, ScalarFormat.ReadHalf, ScalarFormat.Write);

    /// <summary>A number, or <c>"NaN"</c>, <c>"Infinity"</c> or <c>"-Infinity"</c>.</summary>
    public static JsonType Single { get; } = new NumberType<float>(Finite(float.MaxValue), Real, false, static (ref reader) => reader.ReadSingle(), static (ref writer, value) => writer.Write(value));

    /// <summary>A number, or <c>"NaN"</c>, <c>"Infinity"</c> or <c>"-Infinity"</c>.</summary>
    public static JsonType Double { get; } = new NumberType<double>(Finite(double.MaxValue), Real, false, static (ref reader) => reader.ReadDouble(), static (ref writer, value) => writer.Write(value));

    /// <summary>A complex number: an array of two.</summary>
    public static JsonType Complex { get; } = new ComplexType();

    private static string From<T>(T min, T max)
        where T : IFormattable => string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");

    private static string Finite<T>(T max)
        where T : IFormattable => string.Create(CultureInfo.InvariantCulture, $"a number of at most {max}, \"NaN\", \"Infinity\" or \"-Infinity\"");
}
