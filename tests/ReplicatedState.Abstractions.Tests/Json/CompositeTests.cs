using ReplicatedState.Json;

namespace ReplicatedState.Abstractions.Tests.Json;

/// <summary>Enums, collections, objects and unions between JSON and MessagePack.</summary>
public sealed class CompositeTests
{
    private static readonly JsonType Colour = JsonType.Enum<byte>(isFlags: false, ("Red", 1), ("Green", 2), ("GREEN", 3), ("Rouge", 1));
    private static readonly JsonType Rights = JsonType.Enum<int>(isFlags: true, ("None", 0), ("Read", 1), ("Write", 2), ("Both", 3), ("Own", 8), ("Top", int.MinValue));
    private static readonly JsonType Point = JsonType.Object("Point", isRecursive: false, [new("X", new(1)), new("Y", new(1))]);

    [Theory]
    [InlineData("\"red\"", "\"Red\"")]
    [InlineData("\"rouge\"", "\"Red\"")]
    [InlineData("\"GREEN\"", "\"GREEN\"")]
    [InlineData("\"Green\"", "\"Green\"")]
    [InlineData("7", "7")]
    [InlineData("\"7\"", "7")]
    [InlineData("2", "\"Green\"")]
    public void An_enum_is_the_name_of_its_member_or_a_number(string json, string back) => Assert.Equal(back, new Passage(Colour).Echo(json));

    [Theory]
    [InlineData("\"green\"")]
    [InlineData("\"Red, Green\"")]
    [InlineData("\"\"")]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public void An_enum_is_nothing_else(string json) =>
        Assert.StartsWith("$.value must be one of \"Red\", \"Green\", \"GREEN\", \"Rouge\" or a number from 0 to 255, and is ", new Passage(Colour).Refusal(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"write,read\"", "\"Both\"")]
    [InlineData("\"Own, read\"", "\"Read, Own\"")]
    [InlineData("0", "\"None\"")]
    [InlineData("-2147483647", "\"Read, Top\"")]
    [InlineData("12", "12")]
    [InlineData("11", "\"Both, Own\"")]
    public void Flags_are_several_names(string json, string back) => Assert.Equal(back, new Passage(Rights).Echo(json));

    [Fact]
    public void A_dictionary_is_an_object_where_its_keys_are_scalars()
    {
        var ofColours = new Passage(JsonType.Map(new(1), new(2)), Colour, JsonType.Int32);

        Assert.Equal("""{"Red":1,"9":2}""", ofColours.Echo("""{"red": 1, "9": 2}"""));
        Assert.Equal("""{"Red":1}""", ofColours.Echo("""[["Red", 1]]"""));
        Assert.Equal("$.value must have keys that are one of \"Red\", \"Green\", \"GREEN\", \"Rouge\" or a number from 0 to 255, and has \"blue\"", ofColours.Refusal("""{"blue": 1}"""));
        Assert.Equal("$.value.Red must be a whole number from -2147483648 to 2147483647, and is null", ofColours.Refusal("""{"Red": null}"""));
        Assert.Equal("$.value[1] must be an array [key, value], and is an array of 3 elements", ofColours.Refusal("""[[1, 2], [1, 2, 3]]"""));
        Assert.Equal("$.value[0][1] must be a whole number from -2147483648 to 2147483647, and is \"x\"", ofColours.Refusal("""[[1, "x"]]"""));
        Assert.Equal("$.value must be an object or an array of [key, value], and is 1", ofColours.Refusal("1"));
    }

    [Theory]
    [InlineData("Boolean", "{\"true\":1}")]
    [InlineData("Double", "{\"0.5\":1,\"NaN\":2}")]
    [InlineData("Decimal", "{\"1.50\":1}")]
    [InlineData("DateOnly", "{\"2024-02-29\":1}")]
    [InlineData("Guid", "{\"00112233-4455-6677-8899-aabbccddeeff\":1}")]
    [InlineData("Char", "{\"a\":1}")]
    [InlineData("Char", "[[\"\\ud83d\",1]]")]
    [InlineData("String", "{\"\":1}")]
    [InlineData("String", "[[\"a\",1],[\"\\ud83d\",1]]")]
    [InlineData("Complex", "[[[1,2],1]]")]
    public void Every_scalar_may_be_a_key(string key, string json) =>
        Assert.Equal(json, new Passage(JsonType.Map(new(1), new(2)), (JsonType)typeof(JsonType).GetProperty(key)!.GetValue(null)!, JsonType.Int32).Echo(json));

    [Fact]
    public void A_dictionary_with_other_keys_is_an_array_of_pairs()
    {
        var ofPoints = new Passage(JsonType.Map(new(2), new(1)), JsonType.Int32, Point);

        Assert.Equal("""[[{"x":1,"y":2},3]]""", ofPoints.Echo("""[[{"x": 1, "y": 2}, 3]]"""));
        Assert.Equal("$.value must be an array of [key, value], and is an object", ofPoints.Refusal("{}"));
    }

    [Fact]
    public void Errors_name_the_place()
    {
        var lists = new Passage(JsonType.List(new(2)), JsonType.Int32, JsonType.Map(new(3), new(4)), JsonType.String, Point);

        Assert.Equal("$.value[1].a.y must be a whole number from -2147483648 to 2147483647, and is true", lists.Refusal("""[{}, {"a": {"x": 1, "y": true}}]"""));
        Assert.Equal("$.value[0]['it\\'s a \\\\'].y must be a whole number from -2147483648 to 2147483647, and is true", lists.Refusal("""[{"it's a \\": {"x": 1, "y": true}}]"""));
        Assert.Equal("$.value[0].a has 'z', which is not a member of Point (did you mean 'x'?)", lists.Refusal("""[{"a": {"x": 1, "z": 1}}]"""));
        Assert.Equal("$.value[0].a has 'colour', which is not a member of Point", lists.Refusal("""[{"a": {"colour": 1}}]"""));
        Assert.Equal("$.value[0].a has 'x' twice", lists.Refusal("""[{"a": {"x": 1, "X": 1}}]"""));
        Assert.Equal("$.value[0].a has a name that is no Unicode", lists.Refusal("""[{"a": {"\ud83d": 1}}]"""));
        Assert.Equal("$.value[0].a must be an object, Point, and is an array of 0 elements", lists.Refusal("""[{"a": []}]"""));
    }

    [Fact]
    public void Members_that_differ_in_their_case_alone_are_told_apart_by_it()
    {
        var passage = new Passage(JsonType.Object("Pair", isRecursive: false, [new("X", new(1)), new("x", new(1)), new("Other", new(1))]), JsonType.Int32);

        Assert.Equal("93010203", passage.Encode("""{"X": 1, "x": 2, "OTHER": 3}"""));
        Assert.Equal("""{"X":1,"x":2,"other":3}""", passage.Decode("93010203"));
    }

    [Fact]
    public void A_result_of_a_newer_version_loses_what_is_unknown_and_one_of_an_older_version_lacks_what_is_new()
    {
        Assert.Equal("""{"x":1,"y":2}""", new Passage(Point, JsonType.Int32).Decode("94010291C0A161"));
        Assert.Equal("""{"x":1}""", new Passage(Point, JsonType.Int32).Decode("9101"));
        Assert.Equal("""{"b":2}""", new Passage(JsonType.NamedObject("N", isRecursive: false, [new("b", new(1))]), JsonType.Int32).Decode("82A161C0A16202"));
        Assert.Equal("null", new Passage(Point, JsonType.Int32).Decode("C0"));
    }

    [Fact]
    public void A_union_is_its_case_with_a_name_or_number()
    {
        var passage = new Passage(JsonType.Union("IShape", (0, "Point", new(1)), (7, "Money", new(3)), (9, "Same", new(1)), (10, "same", new(1))), Point2, JsonType.Int32, JsonType.Formatted("Money"));

        Assert.Equal("""{"$type":"Point","x":1,"y":2}""", passage.Echo("""{"y": 2, "$type": "point", "x": 1}"""));
        Assert.Equal("9200920102", passage.Encode("""{"$type": 0, "x": 1, "y": 2}"""));
        Assert.Equal("""{"$type":"Money","$value":[1,"EUR"]}""", passage.Echo("""{"$value": [1, "EUR"], "$type": "Money"}"""));
        Assert.Equal("""{"$type":10,"x":1,"y":2}""", passage.Echo("""{"$type": 10, "x": 1, "y": 2}"""));
        const string Expected = "$.value must be an object, IShape, with \"$type\", one of \"Point\", \"Money\", 9, 10, and is an object";
        Assert.Equal(Expected, passage.Refusal("""{"x": 1, "y": 2}"""));
        Assert.Equal(Expected, passage.Refusal("""{"$type": "Same", "x": 1, "y": 2}"""));
        Assert.Equal(Expected, passage.Refusal("""{"$type": 8}"""));
        Assert.Equal(Expected, passage.Refusal("""{"$type": null}"""));
        Assert.Equal("$.value has '$type' twice", passage.Refusal("""{"$type": 0, "$type": 0, "x": 1, "y": 2}"""));
        Assert.Equal("$.value must be an object of \"$type\" and \"$value\" alone, and is an object", passage.Refusal("""{"$type": 7, "$value": 1, "x": 1}"""));
        Assert.Throws<InvalidReplyException>(() => passage.Decode("9208C0"));
    }

    private static JsonType Point2 => JsonType.Object("Point", isRecursive: false, [new("X", new(2)), new("Y", new(2))]);

    [Theory]
    [InlineData("[1,-1,0.5,\"a\",true,null]")]
    [InlineData("18446744073709551615")]
    [InlineData("{\"a\":{\"b\":[]}}")]
    [InlineData("{\"$bin\":\"AP8=\"}")]
    [InlineData("{\"$ext\":[5,\"AP8=\"]}")]
    [InlineData("{\"$map\":[[1,\"one\"],[null,{}]]}")]
    [InlineData("{\"$map\":[[\"$bin\",1]]}")]
    [InlineData("{\"$bin\":1,\"a\":2}")]
    [InlineData("1E+300")]
    public void What_a_formatter_writes_stands_as_it_is(string json) => Assert.Equal(json, new Passage(JsonType.Formatted("Money")).Echo(json));

    [Theory]
    [InlineData("{\"$bin\":1}", "$.value must be bytes in base64, and is 1")]
    [InlineData("{\"$ext\":[500,\"\"]}", "$.value must be an object {\"$ext\": [code, base64]}, and is an object")]
    [InlineData("{\"$map\":[[1]]}", "$.value must be an object {\"$map\": [[key, value], …]}, and is an object")]
    [InlineData("[\"\\ud83d\"]", "$.value[0] is text that is no Unicode")]
    [InlineData("[1e400]", "$.value[0] must be a number of at most 1.7976931348623157E+308, \"NaN\", \"Infinity\" or \"-Infinity\", and is 1e400")]
    public void What_no_MessagePack_can_hold_is_refused(string json, string why) => Assert.Equal(why, new Passage(JsonType.Formatted("Money")).Refusal(json));

    [Fact]
    public void A_tuple_and_a_priority_queue_are_arrays()
    {
        var queue = new Passage(JsonType.Heap(new(1), new(2, true)), JsonType.Int32, JsonType.String);

        Assert.Equal("""[[1,"a"],[2,null]]""", queue.Echo("""[[1, "a"], [2, null]]"""));
        Assert.Equal("$.value[0] must be an array of 2 elements, and is an array of 1 elements", queue.Refusal("[[1]]"));
        Assert.Equal("$.value[0][0] must be a whole number from -2147483648 to 2147483647, and is null", queue.Refusal("[[null, null]]"));
    }

    [Fact]
    public void A_value_of_a_type_that_holds_itself_is_nested_500_deep_at_most()
    {
        var passage = new Passage(JsonType.Object("Node", isRecursive: true, [new("Next", new(0, true))]));
        string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"next\":", levels - 1)) + "{\"next\":null}" + new string('}', levels - 1);

        Assert.Equal(Nested(500), passage.Echo(Nested(500)));
        Assert.EndsWith(".next is nested more than 500 deep", passage.Refusal(Nested(501)), StringComparison.Ordinal);
        Assert.Throws<InvalidReplyException>(() => passage.Decode(string.Concat(Enumerable.Repeat("91", 501)) + "C0"));
        Assert.Throws<InvalidReplyException>(() => new Passage(JsonType.Formatted("Any")).Decode(string.Concat(Enumerable.Repeat("91", 501)) + "C0"));
    }

    [Fact]
    public void A_result_that_is_nested_deeper_than_the_writer_takes_is_refused_in_words()
    {
        var passage = new Passage(JsonType.Object("Node", isRecursive: true, [new("Next", new(0, true))]));
        byte[] nested = Convert.FromHexString("919191C0");

        Assert.Equal("""{"next":{"next":{"next":null}}}""", passage.Decode(nested, writerDepthMax: 3));
        var error = Assert.Throws<InvalidReplyException>(() => passage.Decode(nested, writerDepthMax: 2));
        Assert.Equal("The result of the command 'Do' can't be decoded: as JSON it is nested more than 2 deep", error.Message);
    }
}
