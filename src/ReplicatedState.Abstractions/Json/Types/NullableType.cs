using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>A value type that may be null.</summary>
internal sealed class NullableType(JsonTypeUse underlying) : JsonType
{
    internal override string Expected => "null or a value";

    internal override bool HasNull => true;

    internal override bool MayBeLacking => true;

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope) => scope.Encode(underlying, json, ref writer);

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.TryReadNil())
            json.WriteNullValue();
        else
            scope.Decode(underlying, ref reader, json);
    }
}
