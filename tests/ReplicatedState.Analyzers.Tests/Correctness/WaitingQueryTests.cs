using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class WaitingQueryTests
{
    private const string Head = """
        [ReplicatedStateMachine("m")]
        public sealed partial class M
        {
            [State] private readonly SortedDictionary<string, long> _items = new(StringComparer.Ordinal);
            [Command] public void Do() { }
            private static async IAsyncEnumerable<string> Others() { yield return "a"; }
            private sealed class Scope : IAsyncDisposable { public ValueTask DisposeAsync() => default; }

        """;

    [Theory]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { ⟦await Task.Yield()⟧; yield return \"a\"; }")]
    [InlineData("[Query] public async IAsyncEnumerable<int> All() { yield return ⟦await Task.FromResult(1)⟧; }")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { await foreach (string name in ⟦Others()⟧) yield return name; }")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { await foreach (string name in ⟦Others().ConfigureAwait(false)⟧) yield return name; }")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { await using (⟦new Scope()⟧) yield return \"a\"; }")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { ⟦await using var scope = new Scope();⟧ yield return \"a\"; }")]
    [InlineData("[Query] public IAsyncEnumerable<string> All() { return Own(); async IAsyncEnumerable<string> Own() { ⟦await Task.Delay(1)⟧; yield return \"a\"; } }")]
    [InlineData("[Query] public async IAsyncEnumerable<Task> All() { Func<Task> later = async () => ⟦await Task.Yield()⟧; yield return later(); }")]
    [InlineData("[Query] public IAsyncEnumerable<string> All() => Own(); private async IAsyncEnumerable<string> Own() { ⟦await Task.Delay(1)⟧; yield return \"a\"; }")]
    public Task A_query_that_gives_pages_must_not_hold(string members) => Diagnosis.FindsAsync(new DeterminismAnalyzer(), "RSM2009", Head + members + "}");

    [Theory]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { foreach (string name in _items.Keys) yield return name; }")]
    [InlineData("[Query] public IAsyncEnumerable<string> All() => Own(); private async IAsyncEnumerable<string> Own() { foreach (string name in _items.Keys) yield return name; }")]
    [InlineData("[Query] public IAsyncEnumerable<string> All() => _items.Keys.ToAsyncEnumerable();")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { await Task.CompletedTask; yield return \"a\"; }")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { using var scope = new StringReader(\"a\"); yield return nameof(Others); }")]
    [InlineData("[Query] public async IAsyncEnumerable<string> All() { yield return \"a\"; } public async IAsyncEnumerable<string> Beside() { await Task.Yield(); yield return \"a\"; }")]
    public Task A_query_that_gives_pages_may_hold(string members) => Diagnosis.IsSilentAsync(new DeterminismAnalyzer(), Head + members + "}");

    [Fact]
    public Task Whoever_enumerates_outside_of_the_machine_may_wait() => Diagnosis.IsSilentAsync(
        new DeterminismAnalyzer(), Head + "[Query] public async IAsyncEnumerable<string> All() { yield return \"a\"; } } class Desk { public async Task Read(M machine) { await foreach (string name in machine.All()) await Task.Yield(); } }");

    [Fact]
    public Task The_message_names_the_way_from_the_query_to_the_wait() => Diagnosis.ReportsAsync(
        new DeterminismAnalyzer(),
        "RSM2009",
        "'await foreach' waits, and a query can't: its pages are taken at once, from one applied index, while nothing else runs; the caller gets CommandFailedException; take the items from the state by foreach and yield (M.All → M.Own)",
        Head + "[Query] public IAsyncEnumerable<string> All() => Own(); private async IAsyncEnumerable<string> Own() { await foreach (string name in ⟦Others()⟧) yield return name; } }");
}
