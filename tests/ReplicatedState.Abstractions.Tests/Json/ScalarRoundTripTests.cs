using System.Buffers;
using System.Collections;
using System.Numerics;
using System.Text;
using CsCheck;
using MessagePack;
using ReplicatedState.Json;
using ReplicatedState.Serialization;

namespace ReplicatedState.Abstractions.Tests.Json;

/// <summary>Scalars of any value go to JSON and come back to the same bytes, as values and as keys.</summary>
public sealed class ScalarRoundTripTests
{
    private delegate void ValueWriter<T>(ref MessagePackWriter writer, T value);

    [Fact]
    public void Integers()
    {
        Check(JsonType.Int64, Gen.Long, static (ref writer, value) => writer.Write(value));
        Check(JsonType.UInt64, Gen.ULong, static (ref writer, value) => writer.Write(value));
        Check(JsonType.Int32, Gen.Int, static (ref writer, value) => writer.Write(value));
        Check(JsonType.Int16, Gen.Short, static (ref writer, value) => writer.Write(value));
        Check(JsonType.SByte, Gen.SByte, static (ref writer, value) => writer.Write(value));
        Check(JsonType.Int128, Gen.Select(Gen.ULong, Gen.ULong, static (high, low) => (Int128)new UInt128(high, low)), ScalarFormat.Write);
        Check(JsonType.UInt128, Gen.Select(Gen.ULong, Gen.ULong, static (high, low) => new UInt128(high, low)), ScalarFormat.Write);
        Check(JsonType.BigInteger, Gen.Byte.Array[0, 60].Select(static bytes => new BigInteger(bytes)), ScalarFormat.Write);
    }

    [Fact]
    public void Numbers_that_are_not_whole()
    {
        Check(JsonType.Double, Gen.Double.Where(static value => !double.IsNaN(value)), static (ref writer, value) => writer.Write(value));
        Check(JsonType.Single, Gen.Float.Where(static value => !float.IsNaN(value)), static (ref writer, value) => writer.Write(value));
        Check(JsonType.Half, Gen.UShort.Select(BitConverter.UInt16BitsToHalf).Where(static value => !Half.IsNaN(value)), ScalarFormat.Write);
        Check(JsonType.Decimal, Gen.Select(Gen.Int, Gen.Int, Gen.Int, Gen.Bool, Gen.Byte[0, 28], static (low, middle, high, isNegative, scale) => new decimal(low, middle, high, isNegative, scale)), ScalarFormat.Write);
    }

    [Fact]
    public void Text()
    {
        Gen<string> units = Gen.OneOf(Gen.Char, Gen.Char['\uD800', '\uDFFF'], Gen.Char['\0', '\x7F']).Array[0, 12].Select(static letters => new string(letters));
        Check(JsonType.String, units, static (ref writer, value) => ScalarFormat.Write(ref writer, value));
        Check(JsonType.Char, Gen.Char, static (ref writer, value) => writer.Write(value));
        Check(JsonType.Rune, Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(static value => new Rune(value)), ScalarFormat.Write);
        Check(JsonType.Bytes, Gen.Byte.Array[0, 20], static (ref writer, value) => writer.Write(value));
        Check(JsonType.BitArray, Gen.Bool.Array[0, 40].Select(static bits => new BitArray(bits)), ScalarFormat.Write);
    }

    [Fact]
    public void Identities_and_places()
    {
        Check(JsonType.Guid, Gen.Guid, ScalarFormat.Write);
        Check(JsonType.Version, Gen.Int[0, int.MaxValue].Array[2, 4].Select(static parts => Version.Parse(string.Join('.', parts))), ScalarFormat.Write);
        Gen<Index> index = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Bool, static (value, isFromEnd) => new Index(value, isFromEnd));
        Check(JsonType.Index, index, ScalarFormat.Write);
        Check(JsonType.Range, Gen.Select(index, index, static (start, end) => new Range(start, end)), ScalarFormat.Write);
        Gen<string> path = OneOf("/", "a", "?q=1", "#f", "..", " ", "ü", "%20", ":", "http://h", "mailto:a@b").Array[1, 6].Select(string.Concat);
        Check(JsonType.Uri, path.Where(static text => Uri.TryCreate(text, Kind(text), out _)).Select(static text => new Uri(text, Kind(text))), ScalarFormat.Write);

        static UriKind Kind(string text) => text.StartsWith('/') ? UriKind.Relative : UriKind.RelativeOrAbsolute;
    }

    [Fact]
    public void Times()
    {
        Gen<DateTime> moments = Gen.Long[0, DateTime.MaxValue.Ticks].Select(static ticks => new DateTime(ticks));
        Check(JsonType.DateTime, Gen.Select(moments, Gen.Bool, static (moment, isUtc) => DateTime.SpecifyKind(moment, isUtc ? DateTimeKind.Utc : DateTimeKind.Unspecified)), ScalarFormat.Write);
        Check(
            JsonType.DateTimeOffset,
            Gen.Select(Gen.Long[TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay], Gen.Int[-840, 840], static (ticks, offset) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(offset))),
            ScalarFormat.Write);
        Check(JsonType.DateOnly, moments.Select(DateOnly.FromDateTime), ScalarFormat.Write);
        Check(JsonType.TimeOnly, moments.Select(TimeOnly.FromDateTime), ScalarFormat.Write);
        Check(JsonType.TimeSpan, Gen.Long.Select(static ticks => new TimeSpan(ticks)), ScalarFormat.Write);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static void Check<T>(JsonType type, Gen<T> values, ValueWriter<T> write)
    {
        var alone = new Passage(type);
        var asKey = new Passage(JsonType.Map(new(1), new(2)), type, JsonType.Boolean);
        values.Sample(value =>
        {
            string hex = Convert.ToHexString(Bytes(write, value));
            string key = $"81{hex}C3";
            return alone.Encode(alone.Decode(hex)) == hex && asKey.Encode(asKey.Decode(key)) == key;
        });
    }

    private static byte[] Bytes<T>(ValueWriter<T> write, T value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        write(ref writer, value);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
