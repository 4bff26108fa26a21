using MessagePack;
using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Machines;
using ReplicatedState.Json;

namespace ReplicatedState.Generators.Tests.Json;

/// <summary>What stands for arguments and members that JSON doesn't give.</summary>
public sealed class LackingMembersTests
{
    private static readonly JsonCalls Everything = StateMachineDefinition.Of<Everything>().Json;

    [Fact]
    public async Task Arguments_with_defaults_are_sent_as_the_typed_client_sends_them()
    {
        var channel = new LocalChannel<Everything>();
        await new EverythingClient(channel).DefaultsAsync();
        Assert.Equal(channel.LastRequest, Everything.Query("Defaults").Encode("{}"));

        await new EverythingClient(channel).DefaultsAsync(point: new Point(1, 2), nan: 0.5f);
        Assert.Equal(channel.LastRequest, Everything.Query("Defaults").Encode("""{"nan": 0.5, "POINT": {"X": 1, "y": 2}}"""));
    }

    [Fact]
    public void A_list_of_arguments_that_is_lacking_is_empty() => Assert.Equal(
        Wire.Call("Add", 1, static (ref MessagePackWriter writer) => writer.WriteArrayHeader(0)),
        StateMachineDefinition.Of<Notes>().Json.Command("Add").Encode("{}"));

    [Fact]
    public void A_call_without_arguments_needs_no_payload()
    {
        JsonCall count = StateMachineDefinition.Of<Rows>().Json.Query("count");

        Assert.Equal(Wire.Call("Count"), count.Encode("{}"));
        Assert.Equal(Wire.Call("Count"), count.Encode("null"));
        Assert.Equal("The payload doesn't fit the query 'Count': $ must be an object of parameters by their names, and is an array of 0 elements.", count.Refusal("[]"));
    }

    [Theory]
    [InlineData("record R(int A, string B = \"b\", int? C = null, int D = 4)", """{"a": 1}""", "94 01 A162 C0 04")]
    [InlineData("record R(int A = 7, int B = 8)", """{"b": 1}""", "92 07 01")]
    [InlineData("record R(string? A, int B)", """{"b": 1}""", "92 C0 01")]
    [InlineData("record R(int? A, int B)", """{"b": 1}""", "92 C0 01")]
    [InlineData("class R { public string A { get; set; } = \"a\"; public int B { get; init; } = 5; public List<int> C { get; init; } = [6]; }", "{}", "93 A161 05 9106")]
    [InlineData("class R { public string? A = \"a\"; public int B; }", """{"B": 1}""", "92 A161 01")]
    [InlineData("record R(int A) { public IReadOnlyList<string> B { get; init; } = []; public Dictionary<string, int> C { get; set; } = new(); public decimal D { get; init; } = -1.5m; public string? E { get; init; } = null; public bool F = true; public DayOfWeek G { get; set; } = 0; }", """{"a": 1}""", "97 01 90 80 C410 80010000 0000000000000000 0000000F C0 C3 00")]
    [InlineData("record R(int A) { public List<int>? B { get; init; } = new(); public int[]? C { get; init; } = []; public long? D { get; init; } = 5; public string E { get; init; } = @\"x\"; }", """{"a": 1}""", "95 01 90 90 05 A178")]
    [InlineData("class R(int a) { public int A { get; } = a; public int B { get; set; } = 5; public int C { get; set; } = 6; }", """{"a": 1, "c": 2}""", "93 01 05 02")]
    [InlineData("class R(int a) { public int A { get; } = a; public int B { get; set; } = 2 + 3; public int C { get; set; } = 3 + 3; }", """{"a": 1}""", "91 01")]
    [InlineData("class R(int a) { public int A { get; } = a; public int B { get; set; } = 2 + 3; public int C { get; set; } = 3 + 3; }", """{"a": 1, "b": 2}""", "92 01 02")]
    [InlineData("class R(int a) { public int A { get; } = a; public int? B { get; set; } = 5; }", """{"a": 1}""", "92 01 05")]
    [InlineData("class R(int a) { public int A { get; } = a; public int? B { get; set; } }", """{"a": 1}""", "92 01 C0")]
    [InlineData("struct R { public int A = 5; public R() { } }", "{}", "91 05")]
    [InlineData("[MessagePackObject(true)] public class R { public int A { get; set; } = 5; public int? B { get; set; } public string? C { get; set; } = \"c\"; }", "{}", "83 A141 05 A142 C0 A143 A163")]
    [InlineData("[MessagePackObject(true)] public class R(int a) { public int A { get; } = a; public int B { get; set; } = 2 + 3; }", """{"A": 1}""", "81 A141 01")]
    [InlineData("[MessagePackObject] public class R { [Key(2)] public int A { get; set; } = 5; [Key(0)] public int B { get; set; } }", """{"b": 1}""", "93 01 C0 05")]
    public void A_member_that_is_lacking_has_its_default(string type, string json, string expected) =>
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(CallOf(type).Encode($$"""{"value": {{json}}}"""))[4..]);

    [Theory]
    [InlineData("record R(int A, int B)", """{"a": 1}""", "lacks 'b', a whole number from -2147483648 to 2147483647")]
    [InlineData("record R(string A)", "{}", "lacks 'a', text")]
    [InlineData("class R { public int A { get; set; } }", "{}", "lacks 'a', a whole number from -2147483648 to 2147483647")]
    [InlineData("class R { public required string A { get; init; } }", "{}", "lacks 'a', text")]
    [InlineData("class R { public List<int> A { get; init; } = null!; public required int B { get; init; } }", """{"b": 1}""", "lacks 'a', an array")]
    [InlineData("struct R { public System.Collections.Immutable.ImmutableArray<int> A; }", "{}", "lacks 'a', an array")]
    [InlineData("struct R { public int A = 5; public R(string other) { } }", "{}", "lacks 'a', a whole number from -2147483648 to 2147483647")]
    [InlineData("class R { public string A { get; set; } = null!; }", "{}", "lacks 'a', text")]
    [InlineData("record R(int A) { public int B { get; init; } = A; }", """{"a": 1}""", "lacks 'b', a whole number from -2147483648 to 2147483647")]
    [InlineData("class R(int a) { public int A { get; } = a; public int B { get; set; } = 2 + 3; public int C { get; set; } = 3 + 3; }", """{"a": 1, "c": 2}""", "lacks 'b', which can only be left out where nothing behind it is given")]
    public void A_member_without_a_default_is_never_silently_nothing(string type, string json, string why) =>
        Assert.Equal($"The payload doesn't fit the command 'Put': $.value {why}.", CallOf(type).Refusal($$"""{"value": {{json}}}"""));

    [Fact]
    public void An_argument_that_a_later_version_added_is_left_out_unless_it_or_one_behind_it_is_given()
    {
        JsonCall call = Load("""
            [ReplicatedStateMachine("m", Version = 3)]
            public sealed partial class M
            {
                [State(1)] private int _a;
                [Command(Id = 1)] public void Put(int value, [Since(2)] int more = 5, [Since(3)] string? most = "x") => _a = value;
            }
            """);

        Assert.Equal("920101", Convert.ToHexString(call.Encode("""{"value": 1}""")));
        Assert.Equal("93010107", Convert.ToHexString(call.Encode("""{"value": 1, "more": 7}""")));
        Assert.Equal("94010105C0", Convert.ToHexString(call.Encode("""{"value": 1, "most": null}""")));
    }

    private static JsonCall CallOf(string type) => Load($$"""
        {{(type.StartsWith('[') ? type : "public " + type)}}{{(type.EndsWith('}') ? "" : ";")}}
        [ReplicatedStateMachine("m")]
        public sealed partial class M
        {
            [State(1)] private int _a;
            [Command(Id = 1)] public void Put(R value) => _a = value.GetHashCode();
        }
        """);

    private static JsonCall Load(string source)
    {
        Type machine = GeneratorRun.Of("using System; using System.Collections.Generic; using MessagePack; using ReplicatedState;\n" + source).Load().GetType("M", throwOnError: true)!;
        return ((ILocalChannel)Activator.CreateInstance(typeof(LocalChannel<>).MakeGenericType(machine))!).Definition.Json.Command("Put");
    }
}
