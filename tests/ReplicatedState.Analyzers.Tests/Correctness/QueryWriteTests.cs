using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class QueryWriteTests
{
    private const string Head = """
        [ReplicatedStateMachine("m")]
        partial class M
        {
            [State] private readonly Dictionary<string, List<Item>> _items = [];
            [State] private long _reads;
            [State] public string Title { get; private set; } = "";
            [Transient] private long? _cached;
            public class Item { public int Count { get; set; } }
            [Command] public void Do() { }

        """;

    [Theory]
    [InlineData("[Query] public long Reads() => ⟦_reads⟧++;")]
    [InlineData("[Query] public void Rename() { ⟦Title⟧ = \"x\"; }")]
    [InlineData("[Query] public void Forget() { ⟦_items.Clear()⟧; }")]
    [InlineData("[Query] public void Forget(string name) { ⟦_items[name].Add(new Item())⟧; }")]
    [InlineData("[Query] public void Forget(string name) { ⟦_items[name][0].Count⟧ = 1; }")]
    [InlineData("[Query] public void Forget(string name) { if (_items.TryGetValue(name, out var found)) ⟦found.Clear()⟧; }")]
    [InlineData("[Query] public void Forget() { foreach (var (_, list) in _items) foreach (var item in list) ⟦item.Count⟧++; }")]
    [InlineData("[Query] public long Reads() => Count(); private long Count() => ⟦_reads⟧ = 1;")]
    public Task A_query_must_not_hold(string members) => Diagnosis.FindsAsync(new DeterminismAnalyzer(), "RSM2001", Head + members + "}");

    [Theory]
    [InlineData("[Query] public long Reads() => _cached ??= _reads;")]
    [InlineData("[Query] public int Count() { int n = 0; foreach (var list in _items.Values) n += list.Count; return n; }")]
    [InlineData("[Query] public List<Item> All() { var all = new List<Item>(); foreach (var list in _items.Values) all.AddRange(list); return all; }")]
    [InlineData("[Command] public void Rename() { Title = \"x\"; }")]
    public Task A_query_may_hold(string members) => Diagnosis.IsSilentAsync(new DeterminismAnalyzer(), Head + members + "}");

    [Fact]
    public Task The_message_names_the_way_from_the_query_to_the_write() => Diagnosis.ReportsAsync(
        new DeterminismAnalyzer(),
        "RSM2001",
        "The query changes '_reads' on the one replica that answers, and nothing tells the others; make it a command (M.Reads → M.Count)",
        Head + "[Query] public long Reads() => Count(); private long Count() => ⟦_reads⟧ = 1; }");
}
