using System.Text.Json;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class RoundTripTests
{
    private static readonly JsonSerializerOptions Text = new()
    {
        IncludeFields = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly LocalChannel<Everything> _channel = new();
    private readonly EverythingClient _client;

    public RoundTripTests() => _client = new EverythingClient(_channel);

    [Fact]
    public async Task Every_scalar_comes_back_as_it_went()
    {
        Scalars back = await _client.EchoScalarsAsync(Samples.Scalars);

        Assert.Equal(Samples.Scalars, back);
        Assert.Equal(DateTimeKind.Local, back.Local.Kind);
        Assert.Equal(Samples.Scalars.Moment.Offset, back.Moment.Offset);
        Assert.Equal(decimal.GetBits(Samples.Scalars.Money), decimal.GetBits(back.Money));
        Assert.True(double.IsNegative(back.F64));
    }

    [Fact]
    public async Task Every_collection_comes_back_as_it_went()
    {
        Collections back = await _client.EchoCollectionsAsync(Samples.Collections);

        AssertSameText(Samples.Collections, back);
        Assert.Equal(["top", "bottom"], back.Stack);
        Assert.Equal(Samples.Collections.Nested, back.Nested);
        Assert.Equal(Samples.Collections.MapOfLists, back.MapOfLists);
    }

    [Fact]
    public async Task Every_shape_of_object_comes_back_as_it_went()
    {
        Objects back = (await _client.EchoObjectsAsync(Samples.Objects))!;

        Assert.Equal(0, back.Settable.Cache);
        Assert.Equal(0, back.Keyed.Skipped);
        back.Settable.Cache = 99;
        back.Keyed.Skipped = 5;
        AssertSameText(Samples.Objects, back);
        Assert.Null(await _client.EchoObjectsAsync(null));
    }

    [Fact]
    public async Task Tuples_recursive_types_and_interfaces_come_back_as_they_went()
    {
        Assert.Equal((1, null), await _client.EchoTupleAsync((1, null)));
        Assert.Null(await _client.EchoTupleAsync(null));
        AssertSameText(Samples.Objects.Tree, await _client.EchoNodeAsync(Samples.Objects.Tree));
        var byName = new Dictionary<string, IReadOnlyList<Point>> { ["a"] = [new Point(1, 2)] };
        AssertSameText(byName, await _client.EchoInterfacesAsync(byName));
    }

    [Fact]
    public async Task Parameters_keep_their_defaults_in_the_client_and_on_the_wire()
    {
        string expected = new Everything().Defaults();

        Assert.Equal(expected, await _client.DefaultsAsync());
        byte[] bare = Wire.Call("Defaults");
        Assert.Equal(expected, MessagePack.MessagePackSerializer.Deserialize<string>(_channel.Query(bare)));
    }

    [Fact]
    public async Task Parameters_may_have_the_names_that_generated_code_uses() =>
        Assert.Equal(105, await _client.AwkwardAsync(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, cancellationToken2: default));

    /// <summary>Compares by text, because collections have no equality by content.</summary>
    private static void AssertSameText<T>(T expected, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, Text), JsonSerializer.Serialize(actual, Text));
}
