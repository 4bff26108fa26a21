using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>A dictionary: an object where its keys are scalars, and an array of <c>[key, value]</c> elsewhere, or where a key is text that no name can be. Both are read.</summary>
internal sealed class MapType(JsonTypeUse key, JsonTypeUse value) : JsonType
{
    internal override string Expected => "an object or an array of [key, value]";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind == JsonValueKind.Object && scope[key] is ScalarType scalar)
            EncodeObject(json, scalar, ref writer, scope);
        else if (json.ValueKind == JsonValueKind.Array)
            EncodePairs(json, ref writer, scope);
        else
            throw scope.Mismatch(scope[key] is ScalarType ? Expected : "an array of [key, value]", json);
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        int count = reader.ReadMapHeader();
        if (scope[key] is ScalarType scalar && (!scalar.MayHoldHalves || CanBeNames(reader, count, scalar)))
        {
            JsonScope.Begin(json, isArray: false);
            for (int i = 0; i < count; i++)
            {
                json.WritePropertyName(scalar.DecodeText(ref reader));
                scope.Decode(value, ref reader, json);
            }

            json.WriteEndObject();
            return;
        }

        JsonScope.Begin(json, isArray: true);
        for (int i = 0; i < count; i++)
        {
            JsonScope.Begin(json, isArray: true);
            scope.Decode(key, ref reader, json);
            scope.Decode(value, ref reader, json);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void EncodeObject(JsonElement json, ScalarType scalar, ref MessagePackWriter writer, JsonScope scope)
    {
        writer.WriteMapHeader(json.GetPropertyCount());
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!JsonText.TryReadName(property, out string? name))
                throw scope.Refusal("has a name that is no Unicode; [key, value] may hold it as text");
            if (!scalar.TryEncode(name, ref writer))
                throw scope.Refusal($"must have keys that are {scalar.Expected}, and has \"{JsonPath.Shorten(name)}\"");
            scope.Encode(name, value, property.Value, ref writer);
        }
    }

    private void EncodePairs(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        writer.WriteMapHeader(json.GetArrayLength());
        int index = 0;
        foreach (JsonElement pair in json.EnumerateArray())
        {
            scope.Path.Enter(index++);
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
                throw scope.Mismatch("an array [key, value]", pair);
            scope.Encode(0, key, pair[0], ref writer);
            scope.Encode(1, value, pair[1], ref writer);
            scope.Path.Leave();
        }
    }

    /// <summary>Looks at the keys on a reader of its own.</summary>
    private static bool CanBeNames(MessagePackReader reader, int count, ScalarType scalar)
    {
        for (int i = 0; i < count; i++)
        {
            if (!JsonText.IsUnicode(scalar.DecodeText(ref reader)))
                return false;
            Serialization.ValueFormat.Skip(ref reader);
        }

        return true;
    }
}
