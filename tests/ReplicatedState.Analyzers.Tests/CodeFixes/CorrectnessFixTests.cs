using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.CodeFixes.Correctness;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Each fix gives the source that its rule asks for, once and for all findings of a file; where the answer is not known, the source stays as it is.</summary>
public sealed class CorrectnessFixTests
{
    private const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Text;\nusing System.Threading.Tasks;\nusing ReplicatedState;\n";

    [Theory]
    [InlineData("", "[State] private int _a; [Command] public void Do() { } [Query(Name = \"x\", Consistency = ConsistencyLevel.Local)] public int Get() => _a++;", "[State] private int _a; [Command] public void Do() { } [Command(Name = \"x\")] public int Get() => _a++;")]
    [InlineData("", "[State] private int _a; [Command] public void Do() { } [Query] public int Get() => Next(); private int Next() => _a++;", "[State] private int _a; [Command] public void Do() { } [Query] public int Get() => Next(); private int Next() => _a++;")]
    public Task A_query_that_writes_becomes_a_command(string title, string before, string after) => FixesAsync(new ReplicatedState.Analyzers.Determinism.DeterminismAnalyzer(), new MakeCommandFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public void Do() { } [State] public int A { get; set; } = 3;", "[Command] public void Do() { } [State] public int A { get; private set; } = 3;")]
    [InlineData("", "[Command] public void Do() { } [State] internal int A { get; set; }", "[Command] public void Do() { } [State] internal int A { get; private set; }")]
    [InlineData("", "[Command] public void Do() { } [State] public int A = 3;", "[Command] public void Do() { } [State] public int A { get; private set; } = 3;")]
    [InlineData("", "[Command] public void Do() { } [State] public List<int>? A;", "[Command] public void Do() { } [State] public List<int>? A { get; private set; }")]
    [InlineData("", "[Command] public void Do() { } [State] public int A, B;", "[Command] public void Do() { } [State] public int A, B;")]
    public Task State_is_closed(string title, string before, string after) => FixesAsync(new OpenStateAnalyzer(), new CloseStateFix(), title, before, after);

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
