using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Determinism;

public sealed class AliasedStateTests
{
    private const string Head = """
        public class Item { public int Count { get; set; } }
        public record Fixed(int Count);
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private readonly Dictionary<int, Item> _all = [];
            [State] private readonly Dictionary<int, Item> _open = [];
            [State] private readonly List<Item> _list = [];
            [State] private readonly List<Fixed> _fixed = [];
            [State] private readonly Dictionary<int, Fixed> _fixedByKey = [];
            [State] private Item? _last;

        """;

    [Theory]
    [InlineData("[Command] public void Do() { var item = new Item(); _all[1] = item; _last = ⟦item⟧; }")]
    [InlineData("[Command] public void Do(int key) { _last = ⟦_all[key]⟧; }")]
    [InlineData("[Command] public void Do(int key) { if (_all.TryGetValue(key, out var item)) _open.Add(key, ⟦item⟧); }")]
    [InlineData("[Command] public void Do() { foreach (var item in _list) _all[item.Count] = ⟦item⟧; }")]
    [InlineData("[Command] public void Do(int a, int b) { var item = new Item(); _all[a] = item; _all[b] = ⟦item⟧; }")]
    [InlineData("[Command] public void Do(List<int> keys) { var item = new Item(); foreach (int key in keys) _all[key] = ⟦item⟧; }")]
    [InlineData("[Command] public void Do(int count) { var item = new Item(); for (int i = 0; i < count; i++) _list.Add(⟦item⟧); }")]
    [InlineData("[Command] public void Do(int a, Item item) { if (a > 0) _all[a] = item; _list.Add(⟦item⟧); }")]
    public Task A_command_must_not_hold(string members) => Diagnosis.FindsAsync(new DeterminismAnalyzer(), "RSM1020", Head + members + "}");

    [Theory]
    [InlineData("[Command] public void Do(int key) { if (_open.Remove(key, out var item)) _all[key] = item; }")]
    [InlineData("[Command] public void Do(int key) { var item = _open[key]; _all[key] = item; _open.Remove(key); }")]
    [InlineData("[Command] public void Do() { foreach (var item in _list) _all[item.Count] = item; _list.Clear(); }")]
    [InlineData("[Command] public void Do(int a, Item item) { if (a > 0) _all[a] = item; else _open[a] = item; }")]
    [InlineData("[Command] public void Do(int a, Item item) { if (a > 0) { _all[a] = item; return; } _open[a] = item; }")]
    [InlineData("[Command] public void Do(int a, Item item) { switch (a) { case 1: _all[a] = item; break; default: _last = item; break; } }")]
    [InlineData("[Command] public void Do(int key, Fixed one) { _fixed.Add(one); _fixedByKey[key] = one; }")]
    [InlineData("[Command] public void Do(List<int> keys) { foreach (int key in keys) { var item = new Item(); _all[key] = item; } }")]
    [InlineData("[Command] public void Do(List<int> keys) { Item item; foreach (int key in keys) { item = new Item(); _all[key] = item; } }")]
    [InlineData("[Command] public void Do(List<int> keys, Item item) { foreach (int key in keys) { if (!_all.ContainsKey(key)) { _all[key] = item; break; } } }")]
    [InlineData("[Command] public void Do(int key) { _all[key] = new Item { Count = _all[key].Count + 1 }; _all[key] = new Item(); }")]
    [InlineData("[Command] public void Do(int key) { var item = _all[key]; item.Count++; _all[key] = item; }")]
    [InlineData("[Command] public void Do(List<Item> items) { _list.AddRange(items); foreach (var item in items) item.Count++; }")]
    public Task A_command_may_hold(string members) => Diagnosis.IsSilentAsync(new DeterminismAnalyzer(), Head + members + "}");
}
