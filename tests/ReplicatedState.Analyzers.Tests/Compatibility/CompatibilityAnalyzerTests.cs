using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Compatibility;

namespace ReplicatedState.Analyzers.Tests.Compatibility;

public sealed class CompatibilityAnalyzerTests
{
    private const string Source =
        """
        public enum Color { Red, Green }
        public sealed record Item(string Name, Color Color);
        public sealed record Report(int Count);

        [ReplicatedStateMachine("shop", Version = 2)]
        [Emits<Item>(Name = "Sold", Id = 4, Since = 2)]
        public sealed partial class Shop
        {
            [State] private readonly SortedDictionary<string, Item> _items = new(StringComparer.Ordinal);
            [State(7)] private int _sold;
            [Command] public void Put(Item item, int count = 1, [Since(2)] string? note = null) { }
            [Command(Id = 9)] public int Sell(string name, long price) => 0;
            [Query] public Report Count(string name) => new(0);
        }
        """;

    /// <summary>What the fix writes for <see cref="Source"/>.</summary>
    private const string Contract =
        """
        shop: command 0xD26EEA98 Put(Item item, int count = 1, string? note = default since 2) -> void
        shop: command 9 Sell(string name, long price) -> int
        shop: enum Color { Red = 0, Green = 1 }
        shop: event 4 Sold: Item since 2
        shop: machine 2
        shop: object Item { string Name, Color Color }
        shop: object Report { int Count }
        shop: query 0xCFC6D687 Count(string name) -> Report
        shop: state 0x981B6ED8 _items: System.Collections.Generic.SortedDictionary<string, Item>
        shop: state 7 _sold: int
        """;

    [Fact]
    public async Task Without_contract_files_there_is_nothing_to_say() => Assert.Empty(await FindAsync(Source, null, null));

    [Fact]
    public async Task A_machine_that_is_as_its_contract_says_is_blamed_for_nothing()
    {
        string contract = await WrittenAsync(Source);

        Assert.Empty(await FindAsync(Source, contract, null));
        Assert.Empty(await FindAsync(Source, null, contract));
        Assert.Equal(Contract.ReplaceLineEndings("\n").Split('\n'), contract.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_entry_that_the_contract_lacks_is_named_with_its_line()
    {
        Diagnostic[] found = await FindAsync(Source, "", null);

        Assert.All(found, static diagnostic => Assert.Equal("RSM3001", diagnostic.Id));
        Assert.Equal(10, found.Length);
        Assert.Contains(found, static diagnostic => diagnostic.GetMessage(null) == "The contract lacks the command 'Sell' of 'shop' as it is declared here; its line is: shop: command 9 Sell(string name, long price) -> int");
    }

    [Fact]
    public async Task What_was_never_released_may_change_and_its_line_with_it() =>
        Assert.Equal(["RSM3001"], await ChangeAsync("long price", "int price", shipped: false));

    [Theory]
    [InlineData("RSM3004", "[Command(Id = 9)] public int Sell(string name, long price)", "[Command(Id = 9)] public int Sell(string name, int price)", "the parameter 'price' was of type long, and now is of type int")]
    [InlineData("RSM3004", "[Command(Id = 9)] public int Sell(string name, long price)", "[Command(Id = 9)] public int Sell(long price, string name)", "its parameters have another order")]
    [InlineData("RSM3004", "[Command(Id = 9)] public int Sell(string name, long price)", "[Command(Id = 9)] public int Sell(string name)", "it has lost 1 of its 2 parameters")]
    [InlineData("RSM3004", "[Command(Id = 9)] public int Sell(string name, long price)", "[Command(Id = 9)] public int Sell(string name, long price, int more)", "the parameter 'more' is new and has no default value")]
    [InlineData("RSM3004", "[Command(Id = 9)] public int Sell(string name, long price)", "[Command(Id = 9)] public int Sell(string name, long price, int more = 0)", "the parameter 'more' is new and doesn't say [Since] with a version above 2")]
    [InlineData("RSM3004", "[Command(Id = 9)] public int Sell(string name, long price)", "[Command(Id = 9)] public long Sell(string name, long price)", "its result was int")]
    [InlineData("RSM3004", "int count = 1", "int count = 2", "the parameter 'count' had the default 1, which entries without it have")]
    [InlineData("RSM3004", "public Report Count(string name) => new(0)", "public async IAsyncEnumerable<Report> Count(string name) { yield return new(0); }", "its result was Report")]
    [InlineData("RSM3005", "[Command(Id = 9)] public int Sell", "[Query(Id = 9)] public int Sell", "Its number was released as that of the command 'Sell' of 'shop', and now it is the query 'Sell'")]
    [InlineData("RSM3006", "public int Sell", "public int Vend", "was released with the name 'Sell'")]
    [InlineData("RSM3006", "private int _sold", "private int _gone", "was released with the name '_sold'")]
    [InlineData("RSM3007", "[State(7)]", "[State(8)]", "was 7 when it was released")]
    [InlineData("RSM3007", "[Command(Id = 9)]", "[Command]", "was 9 when it was released")]
    [InlineData("RSM3008", "Red, Green", "Green, Red", "Red was 0, and now is 1")]
    [InlineData("RSM3008", "Red, Green", "Red", "it has lost Green, 1")]
    [InlineData("RSM3004", "[Emits<Item>", "[Emits<int>", "it was of type Item")]
    [InlineData("RSM3006", "\"Sold\"", "\"Gone\"", "was released with the name 'Sold'")]
    [InlineData("RSM3012", "public sealed partial", "[Emits<int>(Name = \"More\")] public sealed partial", "Version 2 of the machine was released without the event 'More'")]
    [InlineData("RSM3009", "private int _sold", "private long _sold", "was int when it was released")]
    [InlineData("RSM3010", "string Name, Color Color", "Color Color, string Name", "member 1 was 'string Name', and now is 'Color Color'")]
    [InlineData("RSM3010", "string Name, Color Color", "string Name, Color Color, int Weight = 0", "'int Weight' is new, and binaries that lack it refuse it")]
    [InlineData("RSM3012", "[Query] public", "[Command] public void More() { } [Query] public", "Version 2 of the machine was released without the command 'More'")]
    [InlineData("RSM3012", "[Query] public", "[State] private int _more; [Query] public", "Version 2 of the machine was released without the state '_more'")]
    public async Task A_change_that_breaks_with_what_was_released_is_refused(string id, string before, string after, string word)
    {
        Diagnostic[] found = await FindAsync(Source.Replace(before, after, StringComparison.Ordinal), await WrittenAsync(Source), null);

        Assert.NotEqual(Source, Source.Replace(before, after, StringComparison.Ordinal));
        Diagnostic only = Assert.Single(found);
        Assert.Equal(id, only.Id);
        Assert.Contains(word, only.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Report[]", "IAsyncEnumerable<Report>")]
    [InlineData("IAsyncEnumerable<Report>", "Report[]")]
    [InlineData("IAsyncEnumerable<Report>", "IAsyncEnumerable<Report?>")]
    public async Task A_query_that_gives_pages_and_one_that_gives_an_array_are_not_the_same(string before, string after)
    {
        string released = Source.Replace("Report Count(string name) => new(0)", $"{before} Count(string name) => null!", StringComparison.Ordinal);
        Diagnostic only = Assert.Single(await FindAsync(released.Replace(before, after, StringComparison.Ordinal), await WrittenAsync(released), null));
        Assert.Equal("RSM3004", only.Id);
        Assert.Contains($"its result was {before.Replace("IAsync", "System.Collections.Generic.IAsync", StringComparison.Ordinal)}", only.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Red, Green", "Red, Green, Blue")]
    [InlineData("Report(int Count)", "Report(int Count, int Weight = 0)")]
    [InlineData("long price", "long amount")]
    [InlineData("[Query] public", "[Query] public int New() => 0; [Query] public")]
    public async Task A_change_that_breaks_nothing_only_needs_its_line(string before, string after) => Assert.Equal(["RSM3001"], await ChangeAsync(before, after));

    [Fact]
    public async Task The_cases_of_a_union_keep_their_numbers()
    {
        const string union =
            """
            [MessagePack.Union(0, typeof(Opened))] [MessagePack.Union(1, typeof(Closed))] public abstract record Event;
            public sealed record Opened(int A) : Event;
            public sealed record Closed(int B) : Event;
            [ReplicatedStateMachine("m")] public sealed partial class M { [Command] public void Do(Event e) { } }
            """;
        string contract = await WrittenAsync(union);
        string swapped = union.Replace("0, typeof(Opened)", "2, typeof(Opened)", StringComparison.Ordinal);

        Assert.Contains("m: union Event { Opened = 0, Closed = 1 }", contract, StringComparison.Ordinal);
        Diagnostic only = Assert.Single(await FindAsync(swapped, contract, null));
        Assert.Equal("RSM3010", only.Id);
        Assert.Contains("Opened was 0, and now is 2", only.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_with_a_later_version_only_needs_its_line()
    {
        string later = Source.Replace("Version = 2", "Version = 3", StringComparison.Ordinal)
            .Replace("long price)", "long price, [Since(3)] int more = 0)", StringComparison.Ordinal)
            .Replace("[Query] public", "[State(Since = 3)] private int _more; [Query] public", StringComparison.Ordinal);

        Assert.Equal(["RSM3001", "RSM3001", "RSM3001"], (await FindAsync(later, await WrittenAsync(Source), null)).Select(static diagnostic => diagnostic.Id));
    }

    [Fact]
    public async Task What_was_released_must_not_vanish_without_a_line_that_retires_it()
    {
        string without = Source.Replace("[Command(Id = 9)] public int Sell(string name, long price) => 0;", "", StringComparison.Ordinal);
        string contract = await WrittenAsync(Source);

        Diagnostic gone = Assert.Single(await FindAsync(without, contract, null));
        Assert.Equal("RSM3002", gone.Id);
        Assert.EndsWith("add the line '*RETIRED* shop: command 9 Sell'", gone.GetMessage(null), StringComparison.Ordinal);
        Assert.Empty(await FindAsync(without, contract, "*RETIRED* shop: command 9 Sell\n"));
    }

    [Fact]
    public async Task A_retired_identity_must_not_be_used_again()
    {
        Diagnostic reused = Assert.Single(await FindAsync(Source, await WrittenAsync(Source), "*RETIRED* shop: command 9 Vend\n"));

        Assert.Equal("RSM3003", reused.Id);
        Assert.Contains("belonged to 'Vend'", reused.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "it is no line of a contract")]
    [InlineData("shop: command x Sell() -> void", "it is no line of a contract")]
    [InlineData("*RETIRED* shop: machine 1", "it is no line of a contract")]
    [InlineData("shop: state 7 _sold: int\nshop: state 7 _sold: int", "what it speaks of has a line already")]
    [InlineData("shop: state 8 _never: int", "the source has nothing of it, and it was never released; delete the line")]
    public async Task A_line_that_is_wrong_is_named(string lines, string why)
    {
        Diagnostic wrong = Assert.Single(await FindAsync(Source, await WrittenAsync(Source), lines));

        Assert.Equal("RSM3011", wrong.Id);
        Assert.Equal($"'{lines.Split('\n')[^1]}' is not valid: {why}", wrong.GetMessage(null));
        Assert.Equal(lines.Split('\n').Length - 1, wrong.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public async Task A_released_machine_must_not_vanish()
    {
        Diagnostic[] found = await FindAsync(Source.Replace("\"shop\"", "\"store\"", StringComparison.Ordinal), "shop: machine 2\n", null);

        Assert.Contains(found, static diagnostic => diagnostic.Id == "RSM3013" && diagnostic.GetMessage(null).Contains("'shop'", StringComparison.Ordinal));
    }

    /// <summary>The contract of a source, as the fix writes it.</summary>
    internal static async Task<string> WrittenAsync(string source) =>
        string.Join('\n', (await FindAsync(source, "", null)).Select(static diagnostic => diagnostic.Properties["Line"]));

    private static async Task<string[]> ChangeAsync(string before, string after, bool shipped = true)
    {
        string contract = await WrittenAsync(Source);
        return [.. (await FindAsync(Source.Replace(before, after, StringComparison.Ordinal), shipped ? contract : "", shipped ? "" : contract)).Select(static diagnostic => diagnostic.Id)];
    }

    private static async Task<Diagnostic[]> FindAsync(string source, string? shipped, string? unshipped)
    {
        var files = new List<AdditionalText>();
        if (shipped is not null)
            files.Add(new InMemoryText("ReplicatedState.Shipped.txt", shipped));
        if (unshipped is not null)
            files.Add(new InMemoryText("ReplicatedState.Unshipped.txt", unshipped));
        return [.. await Diagnosis.AnalyzeAsync([source], [.. files], new CompatibilityAnalyzer())];
    }
}
