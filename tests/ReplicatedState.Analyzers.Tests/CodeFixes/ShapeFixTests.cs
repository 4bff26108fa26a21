using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.CodeFixes.Shape;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Each fix makes of a class what the generator can work on, once and for all findings of a file; where the answer is not known, the source stays as it is.</summary>
public sealed class ShapeFixTests
{
    private const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Text;\nusing System.Threading.Tasks;\nusing ReplicatedState;\n";

    [Theory]
    [InlineData("", "[Command] public void Do() { } private M() { }", "[Command] public void Do() { } public M() { }")]
    [InlineData("", "[Command] public void Do() { } /* kept */ M() { }", "[Command] public void Do() { } /* kept */ public M() { }")]
    [InlineData("", "[Command] public void Do() { } public M(int a) { }", "[Command] public void Do() { } public M(int a) { }")]
    public Task A_constructor_becomes_public(string title, string before, string after) => FixesAsync(new MachineShapeAnalyzer(), new PublicConstructorFix(), title, before, after);

    [Theory]
    [InlineData("Make it a command", "[Command] public void Do() { } [Command, Query] public int A() => 1;", "[Command] public void Do() { } [Command] public int A() => 1;")]
    [InlineData("Make it a query", "[Command] public void Do() { } [Command][Query] public int A() => 1;", "[Command] public void Do() { } [Query] public int A() => 1;")]
    public Task A_method_becomes_a_command_or_a_query(string title, string before, string after) => FixesAsync(new MachineShapeAnalyzer(), new ChooseCallKindFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public static void Do() { }", "[Command] public void Do() { }")]
    [InlineData("", "[Command] public void Do(int b, in int a) { }", "[Command] public void Do(int b, int a) { }")]
    [InlineData("", "[Command] public void Do(ref int a) { }", "[Command] public void Do(ref int a) { }")]
    public Task A_modifier_goes(string title, string before, string after) => FixesAsync(new MachineShapeAnalyzer(), new RemoveModifierFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public async Task<int> Do() { return 1; }", "[Command] public int Do() { return 1; }")]
    [InlineData("", "[Command] public async Task Do() { }", "[Command] public void Do() { }")]
    [InlineData("", "[Command] public Task<int> Do(int a) => Task.FromResult(a + 1);", "[Command] public int Do(int a) => a + 1;")]
    [InlineData("", "[Command] public ValueTask<int> Do(int a) { if (a > 1) return new(1); return ValueTask.FromResult(a); }", "[Command] public int Do(int a) { if (a > 1) return 1; return a; }")]
    [InlineData("", "[Command] public Task Do(int a) { if (a > 1) return Task.CompletedTask; return Task.CompletedTask; }", "[Command] public void Do(int a) { if (a > 1) return; return; }")]
    [InlineData("", "[Command] public Task Do() => Task.CompletedTask;", "[Command] public void Do() { }")]
    [InlineData("", "[Command] public async Task Do() { await Task.Yield(); }", "[Command] public async Task Do() { await Task.Yield(); }")]
    [InlineData("", "[Command] public Task<int> Do() => Task.Run(() => 1);", "[Command] public Task<int> Do() => Task.Run(() => 1);")]
    public Task A_method_that_waits_for_nothing_becomes_synchronous(string title, string before, string after) => FixesAsync(new MachineShapeAnalyzer(), new MakeSynchronousFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public void Do(int a) { } [Command] public void Do(int a, string note) { }", "[Command] public void Do(int a) { } [Command(Name = \"DoWithNote\")] public void Do(int a, string note) { }")]
    [InlineData("", "[Command] public void Do(int a) { } [Command(Since = 1)] public void Do(List<int> a) { }", "[Command] public void Do(int a) { } [Command(Since = 1, Name = \"DoWithListint\")] public void Do(List<int> a) { }")]
    [InlineData("", "[Command] public void Do(int a) { } [Query] public int Do(CommandContext context) => 1;", "[Command] public void Do(int a) { } [Query(Name = \"DoAlone\")] public int Do(CommandContext context) => 1;")]
    public Task An_overload_is_named_after_what_it_takes(string title, string before, string after) => FixesAsync(new MachineShapeAnalyzer(), new NameOverloadFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public void Do() { } [State] private readonly int _a;", "[Command] public void Do() { } [State] private int _a;")]
    [InlineData("", "[Command] public void Do() { } [State] /* kept */ readonly int _a;", "[Command] public void Do() { } [State] /* kept */ int _a;")]
    [InlineData("", "[Command] public void Do() { } [State] public int A { get; }", "[Command] public void Do() { } [State] public int A { get; private set; }")]
    [InlineData("", "[Command] public void Do() { } [State] public int A { get; init; }", "[Command] public void Do() { } [State] public int A { get; private set; }")]
    public Task State_becomes_restorable(string title, string before, string after) => FixesAsync(new MachineShapeAnalyzer(), new MakeRestorableFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public void Do() { } public sealed class Inner { [Command] public void Do() { } }", "[Command] public void Do() { } public sealed class Inner { public void Do() { } }")]
    [InlineData("", "[Command] public void Do() { } public sealed class Inner { [State, Obsolete] public int A; }", "[Command] public void Do() { } public sealed class Inner { [Obsolete] public int A; }")]
    public Task An_attribute_without_effect_goes(string title, string before, string after) => FixesAsync(new StrayAttributeAnalyzer(), new RemoveAttributeFix(), title, before, after);

    private static async Task FixesAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string title, string before, string after, bool withClients = false)
    {
        string one = Source(before);
        string two = one + Source(before).Replace("\"m\"", "\"n\"", StringComparison.Ordinal).Replace(" M\n", " N\n", StringComparison.Ordinal)[Usings.Length..];

        Assert.Equal(Source(after), await Fixing.ApplyAsync(analyzer, fix, one, title, withClients));
        if (before != after)
            Assert.Equal(Source(after) + Source(after).Replace("\"m\"", "\"n\"", StringComparison.Ordinal).Replace(" M\n", " N\n", StringComparison.Ordinal)[Usings.Length..], await Fixing.ApplyToAllAsync(analyzer, fix, two, title, withClients));
    }

    private static string Source(string members) => $"{Usings}[ReplicatedStateMachine(\"m\")]\npublic sealed partial class M\n{{\n    {members}\n}}\n";
}
