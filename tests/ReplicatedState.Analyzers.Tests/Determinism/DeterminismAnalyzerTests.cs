using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Determinism;

/// <summary>How far the rules look, whatever they look for.</summary>
public sealed class DeterminismAnalyzerTests
{
    [Fact]
    public Task A_migration_is_held_to_what_commands_are_held_to() => Diagnosis.FindsAsync(
        new DeterminismAnalyzer(),
        "RSM1001",
        "[ReplicatedStateMachine(\"m\", Version = 2)] public sealed partial class M { [State] private DateTime _a; [Command] public void Do() { } [Migrate(1, 2)] private void To() => _a = ⟦DateTime.UtcNow⟧; }");

    [Fact]
    public Task A_command_that_reads_the_clock_is_told_what_to_use_instead() => Diagnosis.ReportsAsync(
        new DeterminismAnalyzer(),
        "RSM1001",
        "'DateTime.UtcNow' reads the clock of one machine, so that replicas differ; use the Now of the CommandContext (M.Touch)",
        """
        [ReplicatedStateMachine("m")]
        partial class M
        {
            [State] private DateTime _last;
            [Command] public void Touch() => _last = ⟦DateTime.UtcNow⟧;
        }
        """);

    [Fact]
    public Task The_message_names_the_calls_that_lead_to_the_hazard() => Diagnosis.ReportsAsync(
        new DeterminismAnalyzer(),
        "RSM1001",
        "'DateTime.UtcNow' reads the clock of one machine, so that replicas differ; use the Now of the CommandContext (M.Touch → M.Stamp → Clock.Today)",
        """
        [ReplicatedStateMachine("m")]
        partial class M
        {
            [State] private DateTime _last;
            [Command] public void Touch() => Stamp();
            private void Stamp() => _last = Clock.Today();
        }
        static class Clock { public static DateTime Today() => ⟦DateTime.UtcNow⟧; }
        """);

    [Theory]
    [InlineData("a method of another class", "[Command] public void Do() => Other.Run(); } static class Other { public static void Run() { _ = ⟦DateTime.Now⟧; } }")]
    [InlineData("a property", "[Command] public void Do() { _ = Age; } private long Age => ⟦DateTime.Now⟧.Ticks; }")]
    [InlineData("a setter", "[Command] public void Do() { Age = 1; } private long Age { set { _ = ⟦DateTime.Now⟧; } } }")]
    [InlineData("a constructor of the machine", "public M() { _ = ⟦DateTime.Now⟧; } [Command] public void Do() { } }")]
    [InlineData("an initializer of the machine", "[State] private DateTime _born = ⟦DateTime.Now⟧; [Command] public void Do() { } }")]
    [InlineData("a constructor of a value", "[Command] public void Do() { _ = new Order(); } } class Order { public Order() { _ = ⟦DateTime.Now⟧; } }")]
    [InlineData("an initializer of a value", "[Command] public void Do() { _ = new Order(); } } class Order { public DateTime Made { get; } = ⟦DateTime.Now⟧; }")]
    [InlineData("a constructor of a base class", "[Command] public void Do() { _ = new Order(); } } class Paper { public Paper() { _ = ⟦DateTime.Now⟧; } } class Order : Paper;")]
    [InlineData("a static initializer", "[Command] public void Do() { _ = Table.Born; } } static class Table { public static readonly DateTime Born = ⟦DateTime.Now⟧; }")]
    [InlineData("a static constructor", "[Command] public void Do() { Table.Use(); } } static class Table { static Table() { _ = ⟦DateTime.Now⟧; } public static void Use() { } }")]
    [InlineData("an operator", "[Command] public void Do() { _ = new V() + new V(); } } struct V { public static V operator +(V a, V b) { _ = ⟦DateTime.Now⟧; return a; } }")]
    [InlineData("a conversion", "[Command] public void Do() { V v = 1; } } struct V { public static implicit operator V(int a) { _ = ⟦DateTime.Now⟧; return default; } }")]
    [InlineData("a lambda", "[Command] public void Do() { Func<DateTime> f = () => ⟦DateTime.Now⟧; f(); } }")]
    [InlineData("a local function", "[Command] public void Do() { Inner(); void Inner() { _ = ⟦DateTime.Now⟧; } } }")]
    [InlineData("a method group", "[Command] public void Do() => new List<int>().ForEach(Each); private void Each(int i) { _ = ⟦DateTime.Now⟧; } }")]
    [InlineData("an extension method", "[Command] public void Do() => 1.Age(); } static class X { public static void Age(this int i) { _ = ⟦DateTime.Now⟧; } }")]
    [InlineData("a generic method", "[Command] public void Do() => Get<int>(); private T? Get<T>() { _ = ⟦DateTime.Now⟧; return default; } }")]
    [InlineData("an implementation of an interface", "[Command] public void Do() { IRule r = new Rule(); r.Run(); } } interface IRule { void Run(); } class Rule : IRule { public void Run() { _ = ⟦DateTime.Now⟧; } }")]
    [InlineData("an override", "[Command] public void Do() => Go(new Late()); private void Go(Rule r) => r.Run(); } abstract class Rule { public abstract void Run(); } class Late : Rule { public override void Run() { _ = ⟦DateTime.Now⟧; } }")]
    [InlineData("an iterator", "[Command] public void Do() { foreach (var i in All()) { } } private IEnumerable<int> All() { _ = ⟦DateTime.Now⟧; yield return 1; } }")]
    public Task A_hazard_is_found_in(string what, string members)
    {
        _ = what;
        return Diagnosis.FindsAsync(new DeterminismAnalyzer(), "RSM1001", "[ReplicatedStateMachine(\"m\")] partial class M { " + members);
    }

    [Theory]
    [InlineData("a query", "[Query] public DateTime When() => DateTime.Now; [Command] public void Do() { } }")]
    [InlineData("a method that no command reaches", "[Command] public void Do() { } private DateTime Unused() => DateTime.Now; }")]
    [InlineData("a class that is no machine", "[Command] public void Do() { } } class Other { public DateTime Now() => DateTime.Now; }")]
    [InlineData("a name", "[Command] public string Do() => nameof(DateTime.Now); }")]
    [InlineData("a method that is declared safe", "[Command] public void Do() => Safe(); [DeterministicSafe(\"only logged\")] private void Safe() { _ = DateTime.Now; } }")]
    [InlineData("a class that is declared safe", "[Command] public void Do() => Log.Write(); } [DeterministicSafe(\"only logged\")] static class Log { public static void Write() { _ = DateTime.Now; } }")]
    [InlineData("the context", "[Command] public void Do(CommandContext context) { _ = context.Now; _ = context.NewGuid(); _ = context.Random.Next(); } }")]
    public Task Nothing_is_said_about(string what, string members)
    {
        _ = what;
        return Diagnosis.IsSilentAsync(new DeterminismAnalyzer(), "[ReplicatedStateMachine(\"m\")] partial class M { " + members);
    }

    [Fact]
    public async Task A_hazard_in_another_file_is_reported_there()
    {
        var found = await Diagnosis.AnalyzeAsync(
            ["[ReplicatedStateMachine(\"m\")] partial class M { [Command] public void Do() => Clock.Read(); }", "static class Clock { public static DateTime Read() => DateTime.Now; }"],
            [],
            new DeterminismAnalyzer());

        Diagnostic only = Assert.Single(found);
        Assert.Equal("File1.cs", only.Location.SourceTree!.FilePath);
        Assert.EndsWith("(M.Do → Clock.Read)", only.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_bans_symbols_of_its_own_and_allows_others()
    {
        const string Source = """
            [ReplicatedStateMachine("m")]
            partial class M
            {
                [Command] public void Do() { _ = Math.Sin(1); Legacy.Price(); }
            }
            static class Legacy { public static int Price() => 1; }
            """;
        var file = new InMemoryText("/project/" + DeterminismAnalyzer.ProjectFile, "# ours\n!M:System.Math.Sin(System.Double)\nT:Legacy;prices come from the catalogue\n");

        Diagnostic only = Assert.Single(await Diagnosis.AnalyzeAsync([Source], [file], new DeterminismAnalyzer()));

        Assert.Equal("RSM1021", only.Id);
        Assert.Equal("'Legacy.Price' is banned in machines by this project: prices come from the catalogue (M.Do)", only.GetMessage(null));
    }

    [Fact]
    public async Task Half_typed_source_never_crashes_the_analyzer()
    {
        string source = """
            [ReplicatedStateMachine("m")]
            partial class M
            {
                [State] private readonly Dictionary<string, List<int>> _items = [];
                [State] private SortedSet<string> _names = new(StringComparer.Ordinal);
                [Command] public int Do(string name, CommandContext context)
                {
                    try { foreach (var (key, value) in _items) { if (value.Count > 1) return value[0]; _names.Add(key); } }
                    catch (Exception) { lock (this) { } }
                    var sorted = _items.Keys.OrderBy(k => k.Length).ThenBy(k => k).ToList();
                    return sorted.Select(k => k.GetHashCode()).First() + DateTime.Now.Day + $"{1.5}".Length;
                }
            }
            """;
        for (int length = 0; length < source.Length; length++)
            Assert.DoesNotContain(await Diagnosis.AnalyzeAsync(source[..length], new DeterminismAnalyzer()), static diagnostic => diagnostic.Id == "AD0001");
    }
}
