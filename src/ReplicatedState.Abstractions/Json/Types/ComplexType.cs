using System.Text.Json;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>A complex number: <c>[real, imaginary]</c>.</summary>
internal sealed class ComplexType : JsonType
{
    internal override string Expected => "an array of a real and an imaginary number";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() != 2)
            throw scope.Mismatch(Expected, json);
        writer.WriteArrayHeader(2);
        for (int i = 0; i < 2; i++)
        {
            scope.Path.Enter(i);
            Double.Encode(json[i], ref writer, scope);
            scope.Path.Leave();
        }
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        ValueFormat.ReadTupleHeader(ref reader, 2);
        JsonScope.Begin(json, isArray: true);
        Double.Decode(ref reader, json, scope);
        Double.Decode(ref reader, json, scope);
        json.WriteEndArray();
    }
}
