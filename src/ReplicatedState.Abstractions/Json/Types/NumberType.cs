using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using MessagePack;
using ReplicatedState.Pages;

namespace ReplicatedState.Json;

/// <summary>A type whose values are numbers in JSON: plain ones, however many digits they have, and text where readers of JSON that know no more than 53 bits send it.</summary>
internal sealed class NumberType<T>(string expected, NumberStyles style, bool takesText, ItemReader<T> read, ValueWriter<T> write, Func<T, string>? format = null, Func<string, T, bool>? isExact = null) : ScalarType
    where T : struct, INumberBase<T>
{
    /// <summary>The most digits that are read: the time that it takes to read more grows faster than their number.</summary>
    private const int LengthMax = 20_000;

    internal override string Expected => expected;

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        bool isRead = json.ValueKind switch
        {
            JsonValueKind.Number => TryEncodeNumber(json, ref writer),
            JsonValueKind.String => JsonText.TryRead(json, out string? text) && (takesText ? TryEncode(text, ref writer) : TryEncodeSpecial(text, ref writer)),
            _ => false,
        };
        if (!isRead)
            throw scope.Mismatch(expected, json);
    }

    public override bool TryEncode(string text, ref MessagePackWriter writer) =>
        (text.Length <= LengthMax && T.TryParse(text, style, CultureInfo.InvariantCulture, out T value) && T.IsFinite(value) && (isExact?.Invoke(text, value) ?? true) && Write(ref writer, value))
        || TryEncodeSpecial(text, ref writer);

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        T value = read(ref reader);
        if (T.IsFinite(value))
            json.WriteRawValue(Format(value), skipInputValidation: true);
        else
            json.WriteStringValue(Format(value));
    }

    public override string DecodeText(ref MessagePackReader reader) => Format(read(ref reader));

    private string Format(T value) => format?.Invoke(value) ?? value.ToString(null, CultureInfo.InvariantCulture);

    private bool TryEncodeNumber(JsonElement json, ref MessagePackWriter writer)
    {
        ReadOnlySpan<byte> number = JsonMarshal.GetRawUtf8Value(json);
        return number.Length <= LengthMax && T.TryParse(number, style, CultureInfo.InvariantCulture, out T value) && T.IsFinite(value)
            && (isExact?.Invoke(json.GetRawText(), value) ?? true) && Write(ref writer, value);
    }

    /// <summary>What JSON has no number for.</summary>
    private bool TryEncodeSpecial(string text, ref MessagePackWriter writer) =>
        text is "NaN" or "Infinity" or "-Infinity" && T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && Write(ref writer, value);

    private bool Write(ref MessagePackWriter writer, T value)
    {
        write(ref writer, value);
        return true;
    }
}
