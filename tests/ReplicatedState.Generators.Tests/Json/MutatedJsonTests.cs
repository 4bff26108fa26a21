using System.Buffers;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using ReplicatedState.Generators.Tests.Machines;
using ReplicatedState.Generators.Tests.Matrix;
using ReplicatedState.Json;

namespace ReplicatedState.Generators.Tests.Json;

/// <summary>JSON that was valid once, and results that were: they pass or are refused in words that callers know, and what passes is refused by the decoders at worst.</summary>
public sealed class MutatedJsonTests
{
    private const int Rounds = 500;
    private const long AllocatedBytesMax = 1 << 20;

    /// <summary>What stands in JSON where something else did.</summary>
    private static readonly string[] Pieces =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "-0", "256", "9223372036854775808", "340282366920938463463374607431768211456", "\"\"", "\"x\"", "\"\\ud83d\"", "\"NaN\"", "\"AQ==\"", "\"2024-02-29\"", "\"^9\"", "[]",
        "[1]", "[[0,0]]", "[null,null]", "{}", "{\"\\udc22\":1}", "{\"a\":1,\"a\":2}", "{\"$type\":0}", "{\"$type\":\"Circle\",\"radius\":1}", "{\"$type\":3,\"$value\":1}", "{\"$bin\":\"AQ==\"}", "{\"$ext\":[5,\"AQ==\"]}",
        "{\"$map\":[[1,2],[1,3]]}", "\"", ",", ":", "}", "]", "\\u0000",
    ];

    public static TheoryData<string> Names => TypeMatrixTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_JSON_comes_makes_a_call_or_is_refused_by_name(string name)
    {
        TypeCase type = TypeCases.All.Single(candidate => candidate.Name == name);
        ILocalChannel channel = TypeMatrix.Open(type);
        await TypeMatrix.PutAsync(type, channel);
        byte[] reply = channel.LastReply;
        JsonCall put = channel.Definition.Json.Command("Put");
        string value = put.Decode(reply);
        string payload = $$"""{"value":{{value}},"more":[{{value}}]}""";
        var random = new Random((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(name)));

        for (int round = 0; round < Rounds; round++)
        {
            byte[] json = round == 0 ? Encoding.UTF8.GetBytes(payload) : Mutate(payload, random);
            using (JsonDocument? document = Parse(json))
            {
                bool passed = document is not null && TryCall(channel, put, document.RootElement, Encoding.Latin1.GetString(json));
                Assert.True(passed || round > 0, payload);
            }

            byte[] spoiled = Mutations.Of(reply, random);
            Try(() => put.Decode(spoiled), static error => error is InvalidReplyException, Convert.ToHexString(spoiled));
        }
    }

    /// <summary>Whether the JSON made a call that the machine's decoders take too.</summary>
    private static bool TryCall(ILocalChannel channel, JsonCall put, JsonElement payload, string text)
    {
        bool passed = false;
        Try(
            () =>
            {
                var bytes = new ArrayBufferWriter<byte>();
                put.Write(payload, bytes);
                channel.Definition.ValidateCommand(new ReadOnlySequence<byte>(bytes.WrittenMemory));
                passed = true;
            },
            static error => error is InvalidCommandException,
            text);
        return passed;
    }

    private static JsonDocument? Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Mutate(string json, Random random)
    {
        string text = json;
        for (int edits = random.Next(1, 3); edits > 0; edits--)
        {
            int at = random.Next(text.Length);
            int length = Math.Min(random.Next(0, 6), text.Length - at);
            text = random.Next(3) switch
            {
                0 => ReplaceValue(text, at, Pieces[random.Next(Pieces.Length)]),
                1 => text.Remove(at, length),
                _ => text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]),
            };
            if (text.Length == 0)
                break;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0 && random.Next(8) == 0)
            bytes[random.Next(bytes.Length)] ^= 0x80;
        return bytes;
    }

    /// <summary>Replaces what stands between two marks of JSON, so that documents stay valid more often than chance would leave them.</summary>
    private static string ReplaceValue(string json, int at, string piece)
    {
        int start = json.LastIndexOfAny([':', '[', ','], at) + 1;
        int end = json.IndexOfAny([',', ']', '}'], at);
        return end < start ? json : json[..start] + piece + json[end..];
    }

    private static void Try(Action passage, Func<Exception, bool> isKnown, string input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            passage();
        }
        catch (Exception error) when (isKnown(error))
        {
        }
        catch (Exception error)
        {
            Assert.Fail($"{input}: {error}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < AllocatedBytesMax, $"{input}: {allocated} bytes allocated");
    }
}
