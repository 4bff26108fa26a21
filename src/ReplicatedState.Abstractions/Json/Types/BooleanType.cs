using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>True and false.</summary>
internal sealed class BooleanType : ScalarType
{
    internal override string Expected => "true or false";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw scope.Mismatch(Expected, json);
        writer.Write(json.ValueKind == JsonValueKind.True);
    }

    public override bool TryEncode(string text, ref MessagePackWriter writer)
    {
        if (text is not ("true" or "false"))
            return false;
        writer.Write(text == "true");
        return true;
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope) => json.WriteBooleanValue(reader.ReadBoolean());

    public override string DecodeText(ref MessagePackReader reader) => reader.ReadBoolean() ? "true" : "false";
}
