using System.Buffers;
using ReplicatedState.Generators.Tests.Machines;
using ReplicatedState.Generators.Tests.Matrix;
using ReplicatedState.Json;

namespace ReplicatedState.Generators.Tests.Json;

/// <summary>Every type that can be encoded, through JSON: the results of typed calls, and calls made of these.</summary>
public sealed class JsonMatrixTests
{
    /// <summary>What the text of a local time can't say: of which zone it is.</summary>
    private static readonly string[] Lossy = ["DateTimeLocal"];

    public static TheoryData<string> Names => TypeMatrixTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_result_as_JSON_makes_the_call_that_the_typed_client_sends(string name)
    {
        TypeCase type = TypeCases.All.Single(candidate => candidate.Name == name);
        ILocalChannel channel = TypeMatrix.Open(type);
        await TypeMatrix.PutAsync(type, channel);
        byte[] request = channel.LastRequest;
        JsonCall put = channel.Definition.Json.Command("put");
        string value = put.Decode(channel.LastReply);
        await TypeMatrix.GetAsync(type, channel);
        string more = channel.Definition.Json.Query("get").Decode(channel.LastReply);

        byte[] call = put.Encode($$"""{"more": {{more}}, "value": {{value}}}""");

        channel.Definition.ValidateCommand(new ReadOnlySequence<byte>(call));
        if (!Lossy.Contains(name))
            Assert.Equal(Convert.ToHexString(request), Convert.ToHexString(call));
    }

    [Fact]
    public async Task The_JSON_of_every_type_is_what_was_reviewed()
    {
        var lines = new List<string>();
        foreach (TypeCase type in TypeCases.All)
        {
            ILocalChannel channel = TypeMatrix.Open(type);
            await TypeMatrix.PutAsync(type, channel);
            lines.Add($"{type.Name}: {type.Type}\n  {channel.Definition.Json.Command("Put").Decode(channel.LastReply)}\n");
        }

        Driver.ExpectedFiles.Check("Json", [("Json.txt", string.Concat(lines))]);
    }
}
