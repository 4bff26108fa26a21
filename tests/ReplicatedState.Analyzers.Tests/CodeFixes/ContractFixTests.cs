using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ReplicatedState.Analyzers.Compatibility;
using ReplicatedState.CodeFixes.Compatibility;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Fixes that bring a source back to what was released, or say since when it differs.</summary>
public sealed class ContractFixTests
{
    private const string Shipped = """
        shop: machine 1
        shop: state 7 _sold: int
        shop: state 0xDF1C2BF6 _left: int
        shop: command 9 Sell(int count) -> void
        shop: command 10 Paint(Color color) -> void
        shop: enum Color { Red = 0, Green = 1, Blue = 2 }
        """;

    private const string Head = "using ReplicatedState;\n";

    [Theory]
    [InlineData("[State(7)] private int _sold;", "[State(7)] private int _gone;", "[State(7, Name = \"_sold\")] private int _gone;")]
    [InlineData("[Command(Id = 9)] public void Sell(int count) { }", "[Command(Id = 9)] public void Vend(int count) { }", "[Command(Id = 9, Name = \"Sell\")] public void Vend(int count) { }")]
    [InlineData("[State(7)] private int _sold;", "[State] private int _sold;", "[State(7)] private int _sold;")]
    [InlineData("[Command(Id = 9)] public void Sell(int count) { }", "[Command(Id = 12)] public void Sell(int count) { }", "[Command(Id = 9)] public void Sell(int count) { }")]
    [InlineData("[Command(Id = 9)] public void Sell(int count) { }", "[Command] public void Sell(int count) { }", "[Command(Id = 9)] public void Sell(int count) { }")]
    public Task What_was_released_gets_its_identity_back(string released, string before, string after) => FixesAsync(new RestoreIdentityFix(), Source().Replace(released, before, StringComparison.Ordinal), Source().Replace(released, after, StringComparison.Ordinal));

    [Fact]
    public async Task A_number_in_the_way_of_the_hash_of_a_name_goes()
    {
        string hashed = $"shop: command 0x{Hash("Count")} Count() -> void\nshop: machine 1\n";

        string after = await Fixing.ApplyAsync(
            new CompatibilityAnalyzer(), new RestoreIdentityFix(), Head + Machine("[Command(Id = 5, Since = 1)] public void Count() { }"), files: new InMemoryText("/project/ReplicatedState.Shipped.txt", hashed));

        Assert.Equal(Head + Machine("[Command(Since = 1)] public void Count() { }"), after);
    }

    [Theory]
    [InlineData("enum Color { Green, Red, Blue }", "enum Color { Green = 1, Red = 0, Blue = 2 }")]
    [InlineData("enum Color { Red, White, Green, Blue = 5, Black }", "enum Color { Red = 0, White = 3, Green = 1, Blue = 2, Black = 4 }")]
    [InlineData("enum Color { Red, Blue }", "enum Color { Red, Blue }")]
    public Task An_enumeration_gets_its_numbers_back(string before, string after) => FixesAsync(new RenumberEnumFix(), Source(before), Source(after));

    [Fact]
    public async Task What_is_new_says_since_when_and_raises_the_version_once()
    {
        string before = Source().Replace("[Command(Id = 9)]", "[State(8)] private int _new; [Command(Id = 20)] public void Count() { } [Command(Id = 9)]", StringComparison.Ordinal);
        string after = Source().Replace("[Command(Id = 9)]", "[State(8, Since = 2)] private int _new; [Command(Id = 20, Since = 2)] public void Count() { } [Command(Id = 9)]", StringComparison.Ordinal)
            .Replace("Machine(\"shop\")", "Machine(\"shop\", Version = 2)", StringComparison.Ordinal);

        await FixesAsync(new SaySinceFix(), before, after);
    }

    [Fact]
    public Task A_new_parameter_says_since_when() => FixesAsync(
        new SaySinceFix(),
        Source().Replace("Sell(int count)", "Sell(int count, int discount = 0)", StringComparison.Ordinal).Replace("(\"shop\")", "(\"shop\", Version = 3)", StringComparison.Ordinal),
        Source().Replace("Sell(int count)", "Sell(int count, [Since(3)] int discount = 0)", StringComparison.Ordinal).Replace("(\"shop\")", "(\"shop\", Version = 3)", StringComparison.Ordinal));

    private static async Task FixesAsync(CodeFixProvider fix, string before, string after)
    {
        AdditionalText[] files = [new InMemoryText("/project/ReplicatedState.Shipped.txt", Shipped.Replace("0xDF1C2BF6", $"0x{Hash("_left")}", StringComparison.Ordinal))];

        Assert.Equal(after, before == after ? await Fixing.ApplyAsync(new CompatibilityAnalyzer(), fix, before, files: files) : await Fixing.ApplyToAllAsync(new CompatibilityAnalyzer(), fix, before, files: files));
    }

    private static string Source(string color = "enum Color { Red, Green, Blue }") =>
        Head + "public " + color + "\n" + Machine("[State(7)] private int _sold; [State] private int _left; [Command(Id = 9)] public void Sell(int count) { } [Command(Id = 10)] public void Paint(Color color) { }");

    private static string Machine(string members) => $"[ReplicatedStateMachine(\"shop\")]\npublic sealed partial class Shop\n{{\n    {members}\n}}\n";

    /// <summary>The number of a name, as the analyzer itself gives it out.</summary>
    private static string Hash(string name)
    {
        var found = Diagnosis.AnalyzeAsync([Machine($"[State] private int {name}; [Command(Id = 1)] public void Do() {{ }}")], [new InMemoryText("/project/ReplicatedState.Unshipped.txt", "")], new CompatibilityAnalyzer()).GetAwaiter().GetResult();
        string line = found.Select(static diagnostic => diagnostic.GetMessage(null)).Single(message => message.Contains($" {name}: int", StringComparison.Ordinal));
        int start = line.IndexOf("0x", StringComparison.Ordinal) + 2;
        return line.Substring(start, 8);
    }
}
