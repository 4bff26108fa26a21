using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>
/// A type with a formatter of the user's own, of which nothing is known: what JSON has is written as the same MessagePack has it, and back. What JSON lacks stands in an object of one name:
/// <c>{"$bin": base64}</c>, <c>{"$ext": [code, base64]}</c> and <c>{"$map": [[key, value], …]}</c> where a key is no text.
/// </summary>
internal sealed class FormattedType(string name) : JsonType
{
    private const string Binary = "$bin";
    private const string Extension = "$ext";
    private const string Pairs = "$map";

    internal override string Expected => $"whatever the formatter of {name} reads";

    internal override bool HasNull => true;

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null:
                writer.WriteNil();
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(json.ValueKind == JsonValueKind.True);
                break;
            case JsonValueKind.String:
                writer.Write(JsonText.TryRead(json, out string? text) && JsonText.IsUnicode(text) ? text : throw scope.Refusal("is text that is no Unicode"));
                break;
            case JsonValueKind.Number:
                EncodeNumber(json, ref writer, scope);
                break;
            default:
                scope.DescendToEncode();
                EncodeComposite(json, ref writer, scope);
                scope.Ascend();
                break;
        }
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                json.WriteNullValue();
                break;
            case MessagePackType.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.Integer when reader.NextCode is MessagePackCode.UInt64:
                json.WriteNumberValue(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                json.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float when reader.NextCode is MessagePackCode.Float32:
                Single.Decode(ref reader, json, scope);
                break;
            case MessagePackType.Float:
                Double.Decode(ref reader, json, scope);
                break;
            case MessagePackType.String:
                json.WriteStringValue(reader.ReadString());
                break;
            case MessagePackType.Unknown:
                throw new MessagePackSerializationException($"the byte {reader.NextCode} begins nothing");
            default:
                scope.DescendToDecode();
                DecodeComposite(ref reader, json, scope);
                scope.Ascend();
                break;
        }
    }

    private static void EncodeNumber(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        ReadOnlySpan<byte> number = JsonMarshal.GetRawUtf8Value(json);
        if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long signed) && !number.SequenceEqual("-0"u8))
            writer.Write(signed);
        else if (ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned))
            writer.Write(unsigned);
        else
            Double.Encode(json, ref writer, scope);
    }

    private void EncodeComposite(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            writer.WriteArrayHeader(json.GetArrayLength());
            EncodeAll(json, ref writer, scope);
            return;
        }

        int count = json.GetPropertyCount();
        if (count == 1 && TryEncodeForeign(json, ref writer, scope))
            return;
        writer.WriteMapHeader(count);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!JsonText.TryReadName(property, out string? key))
                throw scope.Refusal("has a name that is no Unicode");
            writer.Write(key);
            scope.Path.Enter(key);
            Encode(property.Value, ref writer, scope);
            scope.Path.Leave();
        }
    }

    private void EncodeAll(JsonElement array, ref MessagePackWriter writer, JsonScope scope)
    {
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            scope.Path.Enter(index++);
            Encode(element, ref writer, scope);
            scope.Path.Leave();
        }
    }

    /// <summary>Writes what JSON has no value for.</summary>
    private bool TryEncodeForeign(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (JsonText.TryFind(json, Binary, out JsonElement binary))
        {
            writer.Write(BytesOf(binary, scope));
            return true;
        }

        if (JsonText.TryFind(json, Extension, out JsonElement extension))
        {
            if (extension.ValueKind != JsonValueKind.Array || extension.GetArrayLength() != 2 || extension[0].ValueKind != JsonValueKind.Number || !extension[0].TryGetSByte(out sbyte code))
                throw scope.Mismatch($"an object {{\"{Extension}\": [code, base64]}}", json);
            byte[] content = BytesOf(extension[1], scope);
            writer.WriteExtensionFormat(new ExtensionResult(code, content));
            return true;
        }

        if (!JsonText.TryFind(json, Pairs, out JsonElement pairs))
            return false;
        if (pairs.ValueKind != JsonValueKind.Array || pairs.EnumerateArray().Any(static pair => pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2))
            throw scope.Mismatch($"an object {{\"{Pairs}\": [[key, value], …]}}", json);
        writer.WriteMapHeader(pairs.GetArrayLength());
        foreach (JsonElement pair in pairs.EnumerateArray())
            EncodeAll(pair, ref writer, scope);
        return true;
    }

    private static byte[] BytesOf(JsonElement json, JsonScope scope) =>
        json.ValueKind == JsonValueKind.String && JsonText.TryRead(json, out string? text) && ScalarText.TryParse(text, out byte[]? bytes) ? bytes! : throw scope.Mismatch("bytes in base64", json);

    private void DecodeComposite(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.NextMessagePackType == MessagePackType.Array)
        {
            int count = reader.ReadArrayHeader();
            DecodeAll(count, ref reader, json, scope);
            return;
        }

        JsonScope.Begin(json, isArray: false);
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Binary:
                json.WriteBase64String(Binary, (reader.ReadBytes() ?? default).ToArray());
                break;
            case MessagePackType.Extension:
                ExtensionResult extension = reader.ReadExtensionFormat();
                json.WritePropertyName(Extension);
                JsonScope.Begin(json, isArray: true);
                json.WriteNumberValue(extension.TypeCode);
                json.WriteBase64StringValue(extension.Data.ToArray());
                json.WriteEndArray();
                break;
            default:
                DecodeMap(ref reader, json, scope);
                break;
        }

        json.WriteEndObject();
    }

    private void DecodeMap(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        int count = reader.ReadMapHeader();
        if (HasNames(reader, count))
        {
            for (int i = 0; i < count; i++)
            {
                json.WritePropertyName(reader.ReadString()!);
                Decode(ref reader, json, scope);
            }

            return;
        }

        json.WritePropertyName(Pairs);
        JsonScope.Begin(json, isArray: true);
        for (int i = 0; i < count; i++)
            DecodeAll(2, ref reader, json, scope);
        json.WriteEndArray();
    }

    private void DecodeAll(int count, ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        JsonScope.Begin(json, isArray: true);
        for (int i = 0; i < count; i++)
            Decode(ref reader, json, scope);
        json.WriteEndArray();
    }

    /// <summary>Whether all keys of a map are text, and the object of them couldn't be taken for one that stands for something else.</summary>
    private static bool HasNames(MessagePackReader reader, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (reader.NextMessagePackType != MessagePackType.String)
                return false;
            string name = reader.ReadString()!;
            if (count == 1 && name is Binary or Extension or Pairs)
                return false;
            Serialization.ValueFormat.Skip(ref reader);
        }

        return true;
    }
}
