using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.CodeFixes.Determinism;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Each fix gives the source that its rule asks for, once and for all findings of a file; where the answer is not known, the source stays as it is.</summary>
public sealed class DeterminismFixTests
{
    private const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Text;\nusing System.Threading.Tasks;\nusing ReplicatedState;\n";

    [Theory]
    [InlineData("Keep '_table' sorted: SortedDictionary", "[State] private readonly Dictionary<string, long> _table = []; [Command] public string Do() => _table.First().Key;", "[State] private readonly SortedDictionary<string, long> _table = new(StringComparer.Ordinal); [Command] public string Do() => _table.First().Key;")]
    [InlineData("Keep", "[State] private readonly Dictionary<string, long> _table = new(StringComparer.OrdinalIgnoreCase); [Command] public string Do() => _table.Keys.First();", "[State] private readonly SortedDictionary<string, long> _table = new(StringComparer.OrdinalIgnoreCase); [Command] public string Do() => _table.Keys.First();")]
    [InlineData("Keep", "[State] private readonly HashSet<Guid> _set = new HashSet<Guid>(); [Command] public Guid[] Do() => _set.ToArray();", "[State] private readonly SortedSet<Guid> _set = new(); [Command] public Guid[] Do() => _set.ToArray();")]
    [InlineData("Keep '_table' in the order of insertion", "[State] private readonly Dictionary<int, long> _table = []; [Command] public int Do() => _table.First().Key;", "[State] private readonly OrderedDictionary<int, long> _table = []; [Command] public int Do() => _table.First().Key;")]
    [InlineData("", "public sealed record Key(int A); [State] private readonly Dictionary<Key, long> _table = []; [Command] public Key Do() => _table.First().Key;", "public sealed record Key(int A); [State] private readonly OrderedDictionary<Key, long> _table = []; [Command] public Key Do() => _table.First().Key;")]
    [InlineData("", "[State] private readonly HashSet<int> _set = new(100); [Command] public int Do() => _set.First();", "[State] private readonly HashSet<int> _set = new(100); [Command] public int Do() => _set.First();")]
    public Task A_collection_gets_an_order(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new OrderCollectionFix(), title, before, after);

    [Theory]
    [InlineData("", "[State] private int _a; [Command] public void Do()\n    {\n        lock (this)\n        {\n            _a++;\n            _a++;\n        }\n    }", "[State] private int _a; [Command] public void Do()\n    {\n        _a++;\n        _a++;\n    }")]
    [InlineData("", "[State] private int _a; [Command] public void Do() { lock (this) _a++; }", "[State] private int _a; [Command] public void Do() { _a++; }")]
    public Task A_lock_goes(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new RemoveLockFix(), title, before, after);

    [Theory]
    [InlineData("", "private static int s_next; [Command] public int Do() => s_next++;", "[State] private int s_next; [Command] public int Do() => s_next++;")]
    [InlineData("", "[Transient] private static readonly List<int> Seen = []; [Command] public void Do() => Seen.Add(1);", "[State] private readonly List<int> Seen = []; [Command] public void Do() => Seen.Add(1);")]
    [InlineData("", "private static int s_next; [Command] public int Do() => s_next++; public static int Peek() => s_next;", "private static int s_next; [Command] public int Do() => s_next++; public static int Peek() => s_next;")]
    public Task A_static_variable_of_the_machine_becomes_state(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new MakeInstanceStateFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public DateTime Do(CommandContext context) => context.Now.LocalDateTime;", "[Command] public DateTime Do(CommandContext context) => context.Now.UtcDateTime;")]
    [InlineData("", "[Command] public DateTimeOffset Do(DateTimeOffset at) => at.ToLocalTime();", "[Command] public DateTimeOffset Do(DateTimeOffset at) => at.ToUniversalTime();")]
    [InlineData("", "[Command] public DateTime Do(DateTime at) => at.ToLocalTime();", "[Command] public DateTime Do(DateTime at) => at.ToLocalTime();")]
    public Task Local_time_becomes_UTC(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new UseUtcFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public string Do(string a) => a + Environment.NewLine;", "[Command] public string Do(string a) => a + \"\\n\";")]
    [InlineData("", "[Command] public string Do(string a) => new StringBuilder().AppendLine(a).ToString();", "[Command] public string Do(string a) => new StringBuilder().Append(a).Append('\\n').ToString();")]
    [InlineData("", "[Command] public void Do() { var text = new StringBuilder(); text.AppendLine(); }", "[Command] public void Do() { var text = new StringBuilder(); text.Append('\\n'); }")]
    [InlineData("", "[Command] public bool Do() => OperatingSystem.IsLinux();", "[Command] public bool Do() => OperatingSystem.IsLinux();")]
    public Task Lines_end_alike_everywhere(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new WriteLineEndFix(), title, before, after);

    [Theory]
    [InlineData("", "[State] private Dictionary<string, int> _names = []; [Command] public void Do() { _names = new(StringComparer.OrdinalIgnoreCase); }", "[State] private Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase); [Command] public void Do() { _names = new(StringComparer.OrdinalIgnoreCase); }")]
    public Task A_comparer_is_declared(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new DeclareComparerFix(), title, before, after);

    [Theory]
    [InlineData("", "[Command] public (DateTimeOffset, Guid) Do() => (DateTimeOffset.UtcNow, Guid.Empty);", "[Command] public (DateTimeOffset, Guid) Do(CommandContext context) => (context.Now, Guid.Empty);")]
    public Task Two_in_one_command_share_a_context(string title, string before, string after) => FixesAsync(new DeterminismAnalyzer(), new UseContextFix(), title, before, after);

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
