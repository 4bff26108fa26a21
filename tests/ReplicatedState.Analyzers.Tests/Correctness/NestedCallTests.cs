using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class NestedCallTests
{
    private const string Other = """
        [ReplicatedStateMachine("stock")]
        public sealed partial class Stock
        {
            [State] private long _left;
            [Command] public long Take(long count) => _left -= count;
            [Query] public long Left() => _left;
        }

        """;

    private const string Head = Other + """
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private long _sold;

        """;

    [Theory]
    [InlineData("[Transient] private readonly IStockClient? ⟦_stock⟧; [Command] public void Do() => _sold++;")]
    [InlineData("[Transient] private InMemoryStockClient ⟦Stock⟧ { get; } = new(); [Command] public void Do() => _sold++;")]
    [InlineData("[Transient] private IStateMachineChannel? ⟦_channel⟧; [Command] public void Do() => _sold++;")]
    [InlineData("[Transient] private Lazy<IShopClient>? ⟦_self⟧; [Command] public void Do() => _sold++;")]
    public Task A_machine_must_not_hold(string members) => Diagnosis.FindsWithClientsAsync(new HeldClientAnalyzer(), "RSM2004", Head + members + "}");

    [Theory]
    [InlineData("[Command] public void Do() { _sold++; _ = ⟦new StockClient(Channels.Default).TakeAsync(1)⟧; } } static class Channels { public static readonly IStateMachineChannel Default = null!; }")]
    [InlineData("[Command] public void Do() { _sold++; Notifier.Tell(1); } } static class Notifier { public static readonly IStockClient Stock = null!; public static void Tell(long count) => _ = ⟦Stock.TakeAsync(count)⟧; }")]
    [InlineData("[Command] public void Do() => _sold++; [Query] public long Count() { Notifier.Tell(1); return _sold; } } static class Notifier { public static readonly IStockClient Stock = null!; public static void Tell(long count) => _ = ⟦Stock.TakeAsync(count)⟧; }")]
    [InlineData("[Command] public void Do() { _sold++; Notifier.Tell(1); } [Query] public long Count() { Notifier.Tell(1); return _sold; } } static class Notifier { public static readonly IStockClient Stock = null!; public static void Tell(long count) => _ = ⟦Stock.TakeAsync(count)⟧; }")]
    public Task A_machine_must_not_reach(string members) => Diagnosis.FindsWithClientsAsync(new DeterminismAnalyzer(), "RSM2004", Head + members);

    [Theory]
    [InlineData("[Command] public void Do() => _sold++; } class Desk(IStockClient stock, IShopClient shop) { public async Task Sell() { await stock.TakeAsync(1); await shop.DoAsync(); } }")]
    [InlineData("[Command] public void Do(CommandContext context) { _sold++; context.Schedule(TimeSpan.FromHours(1), ShopCommands.Do()); } }")]
    public async Task What_is_outside_of_a_machine_may_call(string members)
    {
        await Diagnosis.IsSilentWithClientsAsync(new DeterminismAnalyzer(), Head + members);
        await Diagnosis.IsSilentWithClientsAsync(new HeldClientAnalyzer(), Head + members);
    }

    [Fact]
    public async Task The_message_names_the_way_into_the_log()
    {
        string source = Head + "[Command] public void Do() { _sold++; Notifier.Tell(1); } } static class Notifier { public static readonly IStockClient Stock = null!; public static void Tell(long count) => _ = Stock.TakeAsync(count); }";

        Diagnostic only = Assert.Single(await Diagnosis.AnalyzeAsync(Diagnosis.Generate(Diagnosis.Compile(source)), [], new DeterminismAnalyzer()));

        Assert.StartsWith("'Stock.TakeAsync(count)' leads into a log from within a machine: ", only.GetMessage(null), StringComparison.Ordinal);
        Assert.EndsWith(" (Shop.Do → Notifier.Tell)", only.GetMessage(null), StringComparison.Ordinal);
    }
}
