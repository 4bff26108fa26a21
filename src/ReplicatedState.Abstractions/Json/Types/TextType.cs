using System.Text.Json;
using MessagePack;
using ReplicatedState.Pages;

namespace ReplicatedState.Json;

/// <summary>A type whose values are text in JSON.</summary>
internal sealed class TextType<T>(string expected, TextParser<T> parse, Func<T, string> format, ItemReader<T> read, ValueWriter<T> write, bool mayHoldHalves = false) : ScalarType
{
    internal override string Expected => expected;

    public override bool MayHoldHalves => mayHoldHalves;

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind != JsonValueKind.String || !JsonText.TryRead(json, out string? text) || !TryEncode(text, ref writer))
            throw scope.Mismatch(expected, json);
    }

    public override bool TryEncode(string text, ref MessagePackWriter writer)
    {
        if (!parse(text, out T value))
            return false;
        write(ref writer, value);
        return true;
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (read(ref reader) is { } value)
            JsonText.Write(json, format(value));
        else
            json.WriteNullValue();
    }

    public override string DecodeText(ref MessagePackReader reader) =>
        read(ref reader) is { } value ? format(value) : throw new MessagePackSerializationException("nil stands where a key is required");
}
