using System.Buffers;
using ReplicatedState.Generators.Tests.Machines;
using ReplicatedState.Json;

namespace ReplicatedState.Generators.Tests.Json;

/// <summary>Calls of generated machines in JSON.</summary>
public sealed class JsonCallTests
{
    [Fact]
    public async Task A_page_of_a_result_is_written_item_by_item()
    {
        var channel = new LocalChannel<Rows>();
        await new RowsClient(channel).FillAsync(2, letters: 3);
        JsonCall all = StateMachineDefinition.Of<Rows>().Json.Query("all");
        Assert.Equal(2, await new RowsClient(channel).AllAsync().CountAsync());

        Assert.True(all.IsPaged);
        Assert.Equal("""[{"number":0,"mark":0,"text":"aaa"},{"number":1,"mark":0,"text":"bbb"}]""", all.DecodePage(channel.LastReply));
        Assert.Equal(channel.LastRequest, all.Encode("{}"));
        Assert.Throws<InvalidReplyException>(() => all.DecodePage(channel.LastReply[..^1]));
        Assert.Throws<InvalidOperationException>(() => all.Decode(channel.LastReply));
    }

    [Fact]
    public void Every_scalar_collection_and_object_of_the_breadth_machine_goes_and_comes_as_the_typed_client_has_it()
    {
        var channel = new LocalChannel<Everything>();
        var client = new EverythingClient(channel);
        JsonCalls calls = StateMachineDefinition.Of<Everything>().Json;

        Scalars zoned = Samples.Scalars with { Local = new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Utc) };
        Echoes(() => client.EchoScalarsAsync(zoned).AsTask(), "EchoScalars");
        Echoes(() => client.EchoCollectionsAsync(Samples.Collections).AsTask(), "EchoCollections");
        Echoes(() => client.EchoObjectsAsync(Samples.Objects).AsTask(), "EchoObjects");
        Echoes(() => client.EchoObjectsAsync(null).AsTask(), "EchoObjects");
        Echoes(() => client.EchoTupleAsync((1, null)).AsTask(), "EchoTuple");
        Echoes(() => client.EchoInterfacesAsync(new Dictionary<string, IReadOnlyList<Point>> { ["\ud83d"] = [new Point(1, 2)], ["b"] = [] }).AsTask(), "EchoInterfaces");

        void Echoes(Func<Task> ask, string query)
        {
            ask().GetAwaiter().GetResult();
            JsonCall call = calls.Query(query);
            Assert.Equal(channel.LastRequest, call.Encode($$"""{"value": {{call.Decode(channel.LastReply)}}}"""));
        }
    }

    [Fact]
    public void Calls_without_a_result_give_null()
    {
        JsonCall keep = StateMachineDefinition.Of<Everything>().Json.Command("drop");

        Assert.Equal("null", keep.Decode([0xC0]));
        Assert.Equal(
            "The result of the command 'Drop' can't be decoded: it has one, and is declared void",
            Assert.Throws<InvalidReplyException>(() => keep.Decode([0x01])).Message);
    }

    [Fact]
    public void A_query_asks_for_the_consistency_that_it_declares()
    {
        JsonCalls calls = StateMachineDefinition.Of<Rows>().Json;

        Assert.Equal(ReadConsistency.Local, calls.Query("Texts").DefaultConsistency);
        Assert.Equal(ReadConsistency.Linearizable, calls.Query("All").DefaultConsistency);
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused_before_anything_is_logged()
    {
        StateMachineDefinition places = StateMachineDefinition.Of<Places>();
        byte[] put = places.Json.Command("Put").Encode("""{"places": {"a": [], "a": []}}""");

        var error = Assert.Throws<InvalidCommandException>(() => places.ValidateCommand(new ReadOnlySequence<byte>(put)));
        Assert.StartsWith("Argument 'places' of the command 'Put' can't be decoded: ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The examples of <c>docs/json.md</c>.</summary>
    [Fact]
    public void What_does_not_fit_is_refused_by_its_place_or_with_the_nearest_name()
    {
        JsonCall transfer = StateMachineDefinition.Of<Bank>().Json.Command("transfer");

        Assert.Equal(
            "The payload doesn't fit the command 'Transfer': $.amount must be a whole number from -9223372036854775808 to 9223372036854775807, and is \"many\".",
            transfer.Refusal("""{"from": "alice", "to": "bob", "amount": "many"}"""));
        Assert.Equal(
            "The payload doesn't fit the command 'Transfer': $ has 'form', which is not a parameter of the command 'Transfer' (did you mean 'from'?).",
            transfer.Refusal("""{"form": "alice"}"""));
    }

    [Fact]
    public void Commands_that_are_retired_are_unknown()
    {
        JsonCalls calls = Driver.GeneratorRun.Of("""
            using ReplicatedState;
            [ReplicatedStateMachine("m")]
            public sealed partial class M
            {
                [State(1)] private int _a;
                [Command] public void Put(int value) => _a = value;
                [Command(Retired = true)] public void Push(int value) => _a = value;
                [Query(Default = true)] public int Get() => _a;
            }
            """).Load() is { } assembly
            ? ((ILocalChannel)Activator.CreateInstance(typeof(LocalChannel<>).MakeGenericType(assembly.GetType("M", throwOnError: true)!))!).Definition.Json
            : throw new InvalidOperationException();

        Assert.Equal(["Put"], calls.Commands.Select(static call => call.Name));
        Assert.Equal("Get", calls.Query(null).Name);
        Assert.Equal("The machine 'm' has no command named 'Push'.", Assert.Throws<UnknownCommandException>(() => calls.Command("Push")).Message);
    }
}
