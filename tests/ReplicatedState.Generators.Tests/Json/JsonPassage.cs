using System.Buffers;
using System.Text;
using System.Text.Json;
using ReplicatedState.Json;

namespace ReplicatedState.Generators.Tests.Json;

/// <summary>Calls and results of tests, in JSON as text.</summary>
internal static class JsonPassage
{
    /// <summary>The call that a payload makes.</summary>
    public static byte[] Encode(this JsonCall call, string payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 4_000 });
        var bytes = new ArrayBufferWriter<byte>();
        call.Write(document.RootElement, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The text of an encoded result.</summary>
    public static string Decode(this JsonCall call, byte[] reply)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            call.WriteResult(new ReadOnlySequence<byte>(reply), json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The text of one page of a result.</summary>
    public static string DecodePage(this JsonCall call, byte[] page)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            call.WriteItems(new ReadOnlySequence<byte>(page), json);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>What is said where a payload is refused.</summary>
    public static string Refusal(this JsonCall call, string payload) => Assert.Throws<InvalidCommandException>(() => call.Encode(payload)).Message;
}
