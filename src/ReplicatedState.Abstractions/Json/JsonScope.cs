using System.Runtime.CompilerServices;
using System.Text.Json;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>One passage of a call or a result: the table of types, where in the document it is, and how deep.</summary>
internal sealed class JsonScope(JsonType[] types, string call)
{
    private const int WriterDepthMax = 1000;
    private int _depth;

    public JsonPath Path { get; } = new();

    public JsonType this[JsonTypeUse use] => types[use.Type];

    /// <summary>Whether null stands for what isn't given where a type is used.</summary>
    public bool MayBeLacking(JsonTypeUse use) => use.IsNullable || types[use.Type].MayBeLacking;

    public void Encode(JsonTypeUse use, JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Null)
            types[use.Type].Encode(json, ref writer, this);
        else if (use.IsNullable || types[use.Type].HasNull)
            writer.WriteNil();
        else
            throw Mismatch(types[use.Type].Expected, json);
    }

    public void Encode(string name, JsonTypeUse use, JsonElement json, ref MessagePackWriter writer)
    {
        Path.Enter(name);
        Encode(use, json, ref writer);
        Path.Leave();
    }

    public void Encode(int index, JsonTypeUse use, JsonElement json, ref MessagePackWriter writer)
    {
        Path.Enter(index);
        Encode(use, json, ref writer);
        Path.Leave();
    }

    public void Decode(JsonTypeUse use, ref MessagePackReader reader, Utf8JsonWriter json) => types[use.Type].Decode(ref reader, json, this);

    /// <summary>Goes one level down into something that may hold itself; as deep as the decoders go (<see cref="ValueFormat.DepthMax"/>).</summary>
    public void DescendToEncode()
    {
        if (!TryDescend())
            throw Refusal($"is nested more than {ValueFormat.DepthMax} deep");
    }

    /// <summary>The same in the other direction.</summary>
    public void DescendToDecode()
    {
        if (!TryDescend())
            throw new MessagePackSerializationException($"values are nested more than {ValueFormat.DepthMax} deep");
    }

    public void Ascend() => _depth--;

    /// <summary>Begins an array or object, unless that is more than the writer takes: it would fail with an error that doesn't say whose fault it is.</summary>
    public static void Begin(Utf8JsonWriter json, bool isArray)
    {
        int most = json.Options.MaxDepth == 0 ? WriterDepthMax : json.Options.MaxDepth;
        if (json.CurrentDepth >= most)
            throw new MessagePackSerializationException($"as JSON it is nested more than {most} deep");
        if (isArray)
            json.WriteStartArray();
        else
            json.WriteStartObject();
    }

    public InvalidCommandException Mismatch(string expected, JsonElement found) => Refusal($"must be {expected}, and is {Describe(found)}");

    /// <summary>The refusal of what stands at the place that the passage has reached.</summary>
    public InvalidCommandException Refusal(string what) => RefusalAt(Path.ToString(), what);

    public InvalidCommandException RefusalAt(string path, string what) =>
        new($"The payload doesn't fit {call}: {path} {what}.");

    private bool TryDescend() => ++_depth <= ValueFormat.DepthMax && RuntimeHelpers.TryEnsureSufficientExecutionStack();

    private static string Describe(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"an array of {found.GetArrayLength()} elements",
        JsonValueKind.String => JsonText.TryRead(found, out string? text) ? $"\"{JsonPath.Shorten(text)}\"" : "text that is no Unicode",
        JsonValueKind.Number => JsonPath.Shorten(found.GetRawText()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };
}
