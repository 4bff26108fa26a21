using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>A priority queue: an array of <c>[element, priority]</c>, in the order of its heap.</summary>
internal sealed class HeapType(JsonTypeUse element, JsonTypeUse priority) : JsonType
{
    private readonly TupleType _pair = new([element, priority]);

    internal override string Expected => "an array of [element, priority]";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw scope.Mismatch(Expected, json);
        writer.WriteArrayHeader(json.GetArrayLength());
        int index = 0;
        foreach (JsonElement pair in json.EnumerateArray())
        {
            scope.Path.Enter(index++);
            _pair.Encode(pair, ref writer, scope);
            scope.Path.Leave();
        }
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
            _pair.Decode(ref reader, json, scope);
        json.WriteEndArray();
    }
}
