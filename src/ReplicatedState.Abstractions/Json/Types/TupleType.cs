using System.Text.Json;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>A tuple: an array of its elements.</summary>
internal sealed class TupleType(JsonTypeUse[] elements) : JsonType
{
    internal override string Expected { get; } = $"an array of {elements.Length} elements";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() != elements.Length)
            throw scope.Mismatch(Expected, json);
        writer.WriteArrayHeader(elements.Length);
        int index = 0;
        foreach (JsonElement element in json.EnumerateArray())
        {
            scope.Encode(index, elements[index], element, ref writer);
            index++;
        }
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        ValueFormat.ReadTupleHeader(ref reader, elements.Length);
        JsonScope.Begin(json, isArray: true);
        foreach (JsonTypeUse element in elements)
            scope.Decode(element, ref reader, json);
        json.WriteEndArray();
    }
}
