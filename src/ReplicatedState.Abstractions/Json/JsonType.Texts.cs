using System.Text;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>True and false, and the types that stand as text.</summary>
public abstract partial class JsonType
{
    /// <summary>True or false.</summary>
    public static JsonType Boolean { get; } = new BooleanType();

    /// <summary>Text.</summary>
    public static JsonType String { get; } = new TextType<string?>("text", ScalarText.TryParse, static value => value!, ScalarFormat.ReadString, ScalarFormat.Write, mayHoldHalves: true);

    /// <summary>Text of one UTF-16 unit.</summary>
    public static JsonType Char { get; } = new TextType<char>("text of one character", ScalarText.TryParse, static value => value.ToString(), static (ref reader) => reader.ReadChar(), static (ref writer, value) => writer.Write(value), mayHoldHalves: true);

    /// <summary>Text of one Unicode scalar value.</summary>
    public static JsonType Rune { get; } = new TextType<Rune>("text of one Unicode character", ScalarText.TryParse, static value => value.ToString(), ScalarFormat.ReadRune, ScalarFormat.Write);

    /// <summary>Base64.</summary>
    public static JsonType Bytes { get; } = new TextType<byte[]?>("bytes in base64", ScalarText.TryParse, static value => Convert.ToBase64String(value!), ScalarFormat.ReadBytes, static (ref writer, value) => writer.Write(value));

    /// <summary>Base64.</summary>
    public static JsonType Memory { get; } = new TextType<Memory<byte>>("bytes in base64", ScalarText.TryParse, static value => Convert.ToBase64String(value.Span), ScalarFormat.ReadMemory, ScalarFormat.Write);

    /// <summary>Base64.</summary>
    public static JsonType ReadOnlyMemory { get; } = new TextType<ReadOnlyMemory<byte>>("bytes in base64", ScalarText.TryParse, static value => Convert.ToBase64String(value.Span), ScalarFormat.ReadReadOnlyMemory, ScalarFormat.Write);

    /// <summary>Zeros and ones, from the first bit on.</summary>
    public static JsonType BitArray { get; } = new TextType<System.Collections.BitArray?>("bits, text of \"0\" and \"1\"", ScalarText.TryParse, static value => ScalarText.Format(value!), ScalarFormat.ReadBitArray, ScalarFormat.Write);

    /// <summary>A GUID, <c>00112233-4455-6677-8899-aabbccddeeff</c>.</summary>
    public static JsonType Guid { get; } = new TextType<Guid>("a GUID such as \"00112233-4455-6677-8899-aabbccddeeff\"", ScalarText.TryParse, static value => value.ToString("D"), ScalarFormat.ReadGuid, ScalarFormat.Write);

    /// <summary>An address.</summary>
    public static JsonType Uri { get; } = new TextType<Uri?>("an address", ScalarText.TryParse, static value => ScalarFormat.TextOf(value!), ScalarFormat.ReadUri, ScalarFormat.Write);

    /// <summary>A version, <c>1.2.3</c>.</summary>
    public static JsonType Version { get; } = new TextType<Version?>("a version such as \"1.2.3\"", System.Version.TryParse, static value => value!.ToString(), ScalarFormat.ReadVersion, ScalarFormat.Write);

    /// <summary>A place in a sequence as C# has it: <c>3</c>, or <c>^1</c> from the end.</summary>
    public static JsonType Index { get; } = new TextType<Index>("an index such as \"3\" or \"^1\"", ScalarText.TryParse, static value => value.ToString(), ScalarFormat.ReadIndex, ScalarFormat.Write);

    /// <summary>A range of a sequence as C# has it: <c>2..^3</c>.</summary>
    public static JsonType Range { get; } = new TextType<Range>("a range such as \"2..^3\"", ScalarText.TryParse, static value => value.ToString(), ScalarFormat.ReadRange, ScalarFormat.Write);

    /// <summary>A date and time in ISO 8601: with <c>Z</c> UTC, without an offset of no particular zone; another offset is converted to UTC.</summary>
    public static JsonType DateTime { get; } = new TextType<DateTime>("a date and time such as \"2024-02-29T23:59:59Z\"", TimeText.TryParse, TimeText.Format, ScalarFormat.ReadDateTime, ScalarFormat.Write);

    /// <summary>A point in time in ISO 8601, with its offset.</summary>
    public static JsonType DateTimeOffset { get; } = new TextType<DateTimeOffset>("a point in time such as \"2024-02-29T23:59:59+01:00\"", TimeText.TryParse, TimeText.Format, ScalarFormat.ReadDateTimeOffset, ScalarFormat.Write);

    /// <summary>A date, <c>2024-02-29</c>.</summary>
    public static JsonType DateOnly { get; } = new TextType<DateOnly>("a date such as \"2024-02-29\"", TimeText.TryParse, TimeText.Format, ScalarFormat.ReadDateOnly, ScalarFormat.Write);

    /// <summary>A time of day, <c>23:59:59.5</c>.</summary>
    public static JsonType TimeOnly { get; } = new TextType<TimeOnly>("a time of day such as \"23:59:59\"", TimeText.TryParse, TimeText.Format, ScalarFormat.ReadTimeOnly, ScalarFormat.Write);

    /// <summary>A duration, <c>1.02:03:04.5</c>: days, hours, minutes, seconds.</summary>
    public static JsonType TimeSpan { get; } = new TextType<TimeSpan>("a duration such as \"1.02:03:04.5\"", TimeText.TryParse, TimeText.Format, ScalarFormat.ReadTimeSpan, ScalarFormat.Write);
}
