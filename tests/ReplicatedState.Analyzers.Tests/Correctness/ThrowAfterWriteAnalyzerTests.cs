using ReplicatedState.Analyzers.Correctness;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class ThrowAfterWriteAnalyzerTests
{
    private const string Head = """
        [ReplicatedStateMachine("m")]
        partial class M
        {
            [State] private readonly Dictionary<string, long> _balances = [];
            [State] private readonly HashSet<string> _names = [];
            [State] private long _count;

        """;

    [Theory]
    [InlineData("[Command] public void Do(long a) { _count++; if (a < 0) ⟦throw new CommandRejectedException(\"a\", \"b\");⟧ }")]
    [InlineData("[Command] public void Do(long a) { _balances[\"x\"] = a; if (a < 0) { ⟦throw new InvalidOperationException();⟧ } }")]
    [InlineData("[Command] public long Do(long a) { _names.Clear(); return a > 0 ? a : ⟦throw new InvalidOperationException()⟧; }")]
    public Task A_command_must_not_hold(string members) => Diagnosis.FindsAsync(new ThrowAfterWriteAnalyzer(), "RSM2002", Head + members + "}");

    [Theory]
    [InlineData("[Command] public void Do(long a) { if (a < 0) throw new CommandRejectedException(\"a\", \"b\"); _count++; }")]
    [InlineData("[Command] public void Do(string a) { if (!_names.Add(a)) throw new CommandRejectedException(\"a\", \"b\"); }")]
    [InlineData("[Command] public long Do(string a) => _balances.Remove(a, out long value) ? value : throw new CommandRejectedException(\"a\", \"b\");")]
    [InlineData("[Command] public void Do(long a) { if (a > 0) { _count++; } else { throw new InvalidOperationException(); } }")]
    [InlineData("[Command] public void Do(long a) { _count = a > 0 ? a : throw new InvalidOperationException(); }")]
    [InlineData("[Command] public void Do(long a) { if (a > 5) { _count++; return; } throw new InvalidOperationException(); }")]
    [InlineData("[Query] public long Do(long a) { if (a < 0) throw new InvalidOperationException(); return _count; }")]
    public Task A_command_may_hold(string members) => Diagnosis.IsSilentAsync(new ThrowAfterWriteAnalyzer(), Head + members + "}");
}
