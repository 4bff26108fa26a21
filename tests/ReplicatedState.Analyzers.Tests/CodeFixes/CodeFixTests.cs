using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.CodeFixes.Determinism;
using ReplicatedState.CodeFixes.Shape;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Each fix gives the source that its rule asks for, and the rule is content with it.</summary>
public sealed class CodeFixTests
{
    private const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing ReplicatedState;\n";

    [Theory]
    [InlineData("[Command] public DateTimeOffset Do() => DateTimeOffset.UtcNow;", "[Command] public DateTimeOffset Do(CommandContext context) => context.Now;")]
    [InlineData("[Command] public DateTime Do(int a, int b = 1) => DateTime.Now;", "[Command] public DateTime Do(int a, CommandContext context, int b = 1) => context.Now.UtcDateTime;")]
    [InlineData("[Command] public Guid Do(CommandContext c) => Guid.NewGuid();", "[Command] public Guid Do(CommandContext c) => c.NewGuid();")]
    [InlineData("[Command] public int Do() => new Random().Next();", "[Command] public int Do(CommandContext context) => context.Random.Next();")]
    public Task Time_and_chance_come_from_the_context(string before, string after) => FixesAsync(new UseContextFix(), before, after);

    [Theory]
    [InlineData("[State] private readonly SortedDictionary<string, int> _a = new();", "[State] private readonly SortedDictionary<string, int> _a = new(StringComparer.Ordinal);")]
    [InlineData("[State] private readonly SortedSet<string> _a = [];", "[State] private readonly SortedSet<string> _a = new(StringComparer.Ordinal);")]
    [InlineData("[Command] public bool Do(string a) => a.StartsWith(\"x\");", "[Command] public bool Do(string a) => a.StartsWith(\"x\", StringComparison.Ordinal);")]
    [InlineData("[Command] public int Do(string a, string b) => a.CompareTo(b);", "[Command] public int Do(string a, string b) => string.CompareOrdinal(a, b);")]
    [InlineData("[Command] public string Do(string a) => a.ToUpper();", "[Command] public string Do(string a) => a.ToUpperInvariant();")]
    [InlineData("[Command] public void Do(List<string> a) => a.Sort();", "[Command] public void Do(List<string> a) => a.Sort(StringComparer.Ordinal);")]
    [InlineData("[Command] public string Do(List<string> a) => a.OrderBy(x => x).First();", "[Command] public string Do(List<string> a) => a.OrderBy(x => x, StringComparer.Ordinal).First();")]
    [InlineData(
        "[Command] public int Do(string a) => string.Compare(a, a, StringComparison.CurrentCultureIgnoreCase);",
        "[Command] public int Do(string a) => string.Compare(a, a, StringComparison.OrdinalIgnoreCase);")]
    public Task Text_is_compared_by_its_characters(string before, string after) => FixesAsync(new CompareOrdinallyFix(), before, after);

    [Theory]
    [InlineData("[Command] public string Do(double a) => a.ToString();", "[Command] public string Do(double a) => a.ToString(CultureInfo.InvariantCulture);")]
    [InlineData("[Command] public decimal Do(string a) => decimal.Parse(a);", "[Command] public decimal Do(string a) => decimal.Parse(a, CultureInfo.InvariantCulture);")]
    [InlineData(
        "[Command] public bool Do(string a) => double.TryParse(a, out double b);", "[Command] public bool Do(string a) => double.TryParse(a, CultureInfo.InvariantCulture, out double b);")]
    [InlineData("[Command] public string Do(decimal a) => $\"{a} each\";", "[Command] public string Do(decimal a) => string.Create(CultureInfo.InvariantCulture, $\"{a} each\");")]
    [InlineData(
        "[Command] public string Do(decimal a) => string.Format(\"{0}\", a);", "[Command] public string Do(decimal a) => string.Format(CultureInfo.InvariantCulture, \"{0}\", a);")]
    public async Task Formatting_names_its_culture(string before, string after)
    {
        string fixedSource = await Fixing.ApplyAsync(new DeterminismAnalyzer(), new NameCultureFix(), Usings + Machine(before));

        Assert.Equal(Usings + "using System.Globalization;\n" + Machine(after), fixedSource);
        Assert.Empty(await Diagnosis.AnalyzeAsync(Machine(after), new DeterminismAnalyzer()));
    }

    [Fact]
    public async Task A_helper_without_a_context_is_left_to_its_author()
    {
        string source = Usings + Machine("[Command] public void Do() => Stamp(); private DateTime Stamp() => DateTime.Now;");

        Assert.Equal(source, await Fixing.ApplyAsync(new DeterminismAnalyzer(), new UseContextFix(), source));
    }

    [Theory]
    [InlineData("public sealed class M", "public sealed partial class M")]
    [InlineData("class M", "partial class M")]
    public async Task A_machine_becomes_partial(string before, string after)
    {
        string Source(string head) => $"{Usings}[ReplicatedStateMachine(\"m\")]\n{head}\n{{\n    [Command] public void Do() {{ }}\n}}\n";

        Assert.Equal(Source(after), await Fixing.ApplyAsync(new MachineShapeAnalyzer(), new MakePartialFix(), Source(before)));
    }

    [Theory]
    [InlineData("Carry", "[State] private int _a;")]
    [InlineData("Leave", "[Transient] private int _a;")]
    public async Task A_member_is_declared(string title, string after) =>
        Assert.Equal(
            Usings + Machine($"/* kept */ {after} [Command] public void Do() {{ }}"),
            await Fixing.ApplyAsync(new MachineShapeAnalyzer(), new DeclareMemberFix(), Usings + Machine("/* kept */ private int _a; [Command] public void Do() { }"), title));

    [Fact]
    public async Task All_that_one_command_takes_from_the_machine_s_surroundings_comes_from_one_context() => Assert.Equal(
        Usings + Machine("[Command] public (DateTimeOffset, Guid, int) Do(int a, CommandContext context) => (context.Now, context.NewGuid(), context.Random.Next());"),
        await Fixing.ApplyToAllAsync(
            new DeterminismAnalyzer(), new UseContextFix(), Usings + Machine("[Command] public (DateTimeOffset, Guid, int) Do(int a) => (DateTimeOffset.UtcNow, Guid.NewGuid(), new Random().Next());")));

    [Fact]
    public async Task All_comparisons_of_a_file_become_ordinal_at_once() => Assert.Equal(
        Usings + Machine("[State] private readonly SortedSet<string> _a = new(StringComparer.Ordinal); [Command] public bool Do(string a) => a.ToUpperInvariant().StartsWith(\"x\", StringComparison.Ordinal);"),
        await Fixing.ApplyToAllAsync(
            new DeterminismAnalyzer(), new CompareOrdinallyFix(), Usings + Machine("[State] private readonly SortedSet<string> _a = []; [Command] public bool Do(string a) => a.ToUpperInvariant().StartsWith(\"x\");"), "Compare"));

    [Fact]
    public async Task All_formats_of_a_file_name_their_culture_at_once() => Assert.Equal(
        Usings + "using System.Globalization;\n" + Machine("[Command] public string Do(double a) => a.ToString(CultureInfo.InvariantCulture) + string.Create(CultureInfo.InvariantCulture, $\"{a} each, {a}\");"),
        await Fixing.ApplyToAllAsync(new DeterminismAnalyzer(), new NameCultureFix(), Usings + Machine("[Command] public string Do(double a) => a.ToString() + $\"{a} each, {a}\";")));

    [Fact]
    public async Task All_members_of_a_file_are_declared_at_once() => Assert.Equal(
        Usings + Machine("[State] private int _a; [State] public int B { get; private set; } [Command] public void Do() { }"),
        await Fixing.ApplyToAllAsync(
            new MachineShapeAnalyzer(), new DeclareMemberFix(), Usings + Machine("private int _a; public int B { get; private set; } [Command] public void Do() { }"), "Carry"));

    [Fact]
    public async Task All_machines_of_a_file_become_partial_at_once() => Assert.Equal(
        Usings + "[ReplicatedStateMachine(\"a\")] partial class A { [Command] public void Do() { } } [ReplicatedStateMachine(\"b\")] public partial class B { [Command] public void Do() { } }",
        await Fixing.ApplyToAllAsync(
            new MachineShapeAnalyzer(), new MakePartialFix(), Usings + "[ReplicatedStateMachine(\"a\")] class A { [Command] public void Do() { } } [ReplicatedStateMachine(\"b\")] public class B { [Command] public void Do() { } }"));

    private static async Task FixesAsync(CodeFixProvider fix, string before, string after)
    {
        DiagnosticAnalyzer analyzer = new DeterminismAnalyzer();

        Assert.Equal(Usings + Machine(after), await Fixing.ApplyAsync(analyzer, fix, Usings + Machine(before)));
        Assert.Empty(await Diagnosis.AnalyzeAsync(Machine(after), analyzer));
    }

    private static string Machine(string members) => $"[ReplicatedStateMachine(\"m\")]\npublic sealed partial class M\n{{\n    {members}\n}}\n";
}
