using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>An array, list, queue, stack or set: an array of its elements, a stack from its top.</summary>
internal sealed class ListType(JsonTypeUse element, bool hasNull) : JsonType
{
    internal override string Expected => "an array";

    internal override bool HasNull => hasNull;

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw scope.Mismatch(Expected, json);
        writer.WriteArrayHeader(json.GetArrayLength());
        int index = 0;
        foreach (JsonElement value in json.EnumerateArray())
            scope.Encode(index++, element, value, ref writer);
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        int count = reader.ReadArrayHeader();
        JsonScope.Begin(json, isArray: true);
        for (int i = 0; i < count; i++)
            scope.Decode(element, ref reader, json);
        json.WriteEndArray();
    }
}
