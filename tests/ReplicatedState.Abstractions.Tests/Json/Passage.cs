using System.Buffers;
using System.Text;
using System.Text.Json;
using MessagePack;
using ReplicatedState.Json;

namespace ReplicatedState.Abstractions.Tests.Json;

/// <summary>A call with one argument, which is also its result.</summary>
internal sealed class Passage(params JsonType[] types)
{
    public JsonCall Call { get; } = JsonCall.Command(types, "Do", 1, new JsonTypeUse(0), [new JsonMember("value", new JsonTypeUse(0))]);

    /// <summary>The argument that JSON makes, in hexadecimal.</summary>
    public string Encode(string json) => Convert.ToHexString(Bytes(json));

    /// <summary>What comes of JSON on its way to MessagePack and back.</summary>
    public string Echo(string json) => Decode(Bytes(json));

    public string Decode(string hex) => Decode(Convert.FromHexString(hex));

    public string Decode(byte[] value, int writerDepthMax = 0)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { MaxDepth = writerDepthMax }))
            Call.WriteResult(new ReadOnlySequence<byte>(value), json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>What is said of JSON that is refused, without the words that stand before and behind it in every refusal.</summary>
    public string Refusal(string json)
    {
        string message = Assert.Throws<InvalidCommandException>(() => Bytes(json)).Message;
        const string Before = "The payload doesn't fit the command 'Do': ";
        Assert.StartsWith(Before, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        return message[Before.Length..^1];
    }

    private byte[] Bytes(string json)
    {
        using JsonDocument document = JsonDocument.Parse($$"""{"value": {{json}}}""", new JsonDocumentOptions { MaxDepth = 4_000 });
        var bytes = new ArrayBufferWriter<byte>();
        Call.Write(document.RootElement, bytes);
        var reader = new MessagePackReader(bytes.WrittenMemory);
        Assert.Equal(2, reader.ReadArrayHeader());
        Assert.Equal(1, reader.ReadInt32());
        return bytes.WrittenMemory[(int)reader.Consumed..].ToArray();
    }
}
