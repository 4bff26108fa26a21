using System.Text.Json;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>An interface or abstract class with [Union]: the object of the case with its name beside the members, <c>{"$type": "Circle", "radius": 2}</c>. Its number stands there where two cases have one name, and is always read.</summary>
internal sealed class UnionType(string name, (int Number, string Name, JsonTypeUse Use)[] cases) : JsonType
{
    private const string Discriminator = "$type";
    private const string Content = "$value";

    internal override string Expected { get; } =
        $"an object, {name}, with \"{Discriminator}\", one of {string.Join(", ", cases.Select(one => LabelOf(one, cases)))}";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.ValueKind != JsonValueKind.Object || !JsonText.TryFind(json, Discriminator, out JsonElement label) || Find(label) is not { } found)
            throw scope.Mismatch(Expected, json);
        (int number, JsonTypeUse use) = found;
        writer.WriteArrayHeader(2);
        writer.Write(number);
        if (IsInline(use, scope) is { } members)
            members.Encode(json, ref writer, scope, besides: Discriminator);
        else
            EncodeContent(json, use, ref writer, scope);
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        ValueFormat.ReadTupleHeader(ref reader, 2);
        int number = reader.ReadInt32();
        int index = Array.FindIndex(cases, one => one.Number == number);
        if (index < 0)
            throw ValueFormat.UnknownCase(number, name);
        JsonScope.Begin(json, isArray: false);
        json.WritePropertyName(Discriminator);
        json.WriteRawValue(LabelOf(cases[index], cases), skipInputValidation: true);
        if (IsInline(cases[index].Use, scope) is { } members)
        {
            members.DecodeMembers(ref reader, json, scope);
        }
        else
        {
            json.WritePropertyName(Content);
            scope.Decode(cases[index].Use, ref reader, json);
        }

        json.WriteEndObject();
    }

    /// <summary>The object of a case that has room for the discriminator; null for a case whose formatter writes whatever it likes.</summary>
    private static ObjectType? IsInline(JsonTypeUse use, JsonScope scope) =>
        scope[use] is ObjectType type && !type.Has(Discriminator) ? type : null;

    private static void EncodeContent(JsonElement json, JsonTypeUse use, ref MessagePackWriter writer, JsonScope scope)
    {
        if (json.GetPropertyCount() != 2 || !JsonText.TryFind(json, Content, out JsonElement content))
            throw scope.Mismatch($"an object of \"{Discriminator}\" and \"{Content}\" alone", json);
        scope.Encode(Content, use, content, ref writer);
    }

    /// <summary>The name of a case as JSON, or its number where another one has the name.</summary>
    private static string LabelOf((int Number, string Name, JsonTypeUse Use) one, (int Number, string Name, JsonTypeUse Use)[] all) =>
        all.Count(other => string.Equals(other.Name, one.Name, StringComparison.OrdinalIgnoreCase)) == 1
            ? $"\"{JsonEncodedText.Encode(one.Name)}\""
            : one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private (int Number, JsonTypeUse Use)? Find(JsonElement label)
    {
        int number = 0;
        string? text = null;
        if (label.ValueKind == JsonValueKind.Number ? !label.TryGetInt32(out number) : label.ValueKind != JsonValueKind.String || !JsonText.TryRead(label, out text))
            return null;
        (int Number, string Name, JsonTypeUse Use)[] found = [.. cases.Where(one => text is null ? one.Number == number : string.Equals(one.Name, text, StringComparison.OrdinalIgnoreCase))];
        return found.Length == 1 ? (found[0].Number, found[0].Use) : null;
    }
}
