using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class CallbackTests
{
    private const string Head = """
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            private static readonly Func<long, long>[] Discounts = [static price => price, static price => price / 2];
            [State] private readonly List<long> _prices = [];
            [State] private long _sold;
            [Transient] private Action<long>? _told;
            [Transient] private readonly List<Action<long>> _listeners = [];
            [Transient] private readonly Func<long, long> _twice = static price => 2 * price;
            public event EventHandler? Changed;
            public void Listen(Action<long> told) { _told = told; _listeners.Add(told); }

        """;

    [Theory]
    [InlineData("[Command] public void Do() { _sold++; Changed?⟦.Invoke(this, EventArgs.Empty)⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; EventHandler? changed = Changed; if (changed is not null) ⟦changed(this, EventArgs.Empty)⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; ⟦_told!(_sold)⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; foreach (var listener in _listeners) ⟦listener(_sold)⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; Tell(); } private void Tell() => _told?⟦.Invoke(_sold)⟧;")]
    [InlineData("[Command] public void Do() { _sold++; ⟦_told = price => _sold += price⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; ⟦_told += static price => { }⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; ⟦_listeners.Add(price => _sold += price)⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; ⟦Changed += static (_, _) => { }⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; ⟦Bus.Published += static (_, _) => { }⟧; } } static class Bus { public static event EventHandler? Published; public static void Raise() => Published?.Invoke(null, EventArgs.Empty);")]
    [InlineData("[Command] public void Do() { _sold++; Bus.Raise(); } } static class Bus { public static event EventHandler? Published; public static void Raise() => Published?⟦.Invoke(null, EventArgs.Empty)⟧;")]
    public Task A_command_must_not_hold(string members) => Diagnosis.FindsAsync(new DeterminismAnalyzer(), "RSM2005", Head + members + "}");

    [Theory]
    [InlineData("[Command] public long Do(int discount) => Discounts[discount](_sold) + _twice(_sold);")]
    [InlineData("[Command] public long Do() { Func<long, bool> isHigh = price => price > _sold; return _prices.Where(isHigh).Count(isHigh) + (isHigh(3) ? 1 : 0); }")]
    [InlineData("[Command] public void Do() { _prices.RemoveAll(price => price > _sold); _prices.Sort((a, b) => b.CompareTo(a)); _listeners.RemoveAll(static listener => listener is null); }")]
    [InlineData("[Command] public long Do() => Sum(price => price + 1); private long Sum(Func<long, long> of) { long sum = 0; foreach (long price in _prices) sum += of(price); return sum; }")]
    [InlineData("[Command] public void Do() => _sold++; [Query] public long Get() { _told?.Invoke(_sold); return _sold; }")]
    [InlineData("public Shop() { _told = static price => { }; } [Command] public void Do() => _sold++;")]
    public Task A_command_may_hold(string members) => Diagnosis.IsSilentAsync(new DeterminismAnalyzer(), Head + members + "}");

    [Fact]
    public Task The_message_says_what_to_do_instead() => Diagnosis.ReportsAsync(
        new DeterminismAnalyzer(),
        "RSM2005",
        "'.Invoke(_sold)' calls a delegate that lives longer than the command: no snapshot carries it, and whom it calls is called by every replica, again in every replay; return what happened, or emit an event, and let others act on it (Shop.Do → Shop.Tell)",
        Head + "[Command] public void Do() { _sold++; Tell(); } private void Tell() => _told?⟦.Invoke(_sold)⟧; }");
}
