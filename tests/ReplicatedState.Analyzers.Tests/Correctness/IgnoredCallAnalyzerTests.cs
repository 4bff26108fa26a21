using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Correctness;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class IgnoredCallAnalyzerTests
{
    private const string Head = """
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private long _sold;
            [Command] public long Sell(long count) => _sold += count;
            [Query] public long Sold() => _sold;
        }

        class Desk(IShopClient shop)
        {
            private ValueTask<long> _kept;
            private async Task Other() => await Task.Yield();

        """;

    [Theory]
    [InlineData("public void Take() { ⟦shop.SellAsync(1)⟧; }")]
    [InlineData("public async Task Take() { ⟦shop.SellAsync(1)⟧; await Task.Yield(); }")]
    [InlineData("public void Take() => ⟦shop.SellAsync(1)⟧;")]
    [InlineData("public void Take() { ⟦shop.SellAsync(1)⟧.AsTask(); }")]
    [InlineData("public void Take() { ⟦shop.WithIdempotencyKey(\"a\").SellAsync(1)⟧.ConfigureAwait(false); }")]
    [InlineData("public void Take(ShopClient? other) { other?⟦.SellAsync(1)⟧; }")]
    [InlineData("public void Take(List<long> counts) { counts.ForEach(count => ⟦shop.SellAsync(count)⟧); }")]
    [InlineData("public void Take() { ⟦shop.SoldAsync()⟧; }")]
    public Task Nobody_waits_for(string members) => Diagnosis.FindsWithClientsAsync(new IgnoredCallAnalyzer(), "RSM2006", Head + members + "}");

    [Theory]
    [InlineData("public async Task Take() { await shop.SellAsync(1); long sold = await shop.SoldAsync().ConfigureAwait(false); }")]
    [InlineData("public ValueTask<long> Take() => shop.SellAsync(1);")]
    [InlineData("public ValueTask<long> Take() { return shop.SellAsync(1); }")]
    [InlineData("public async Task Take() { var first = shop.SellAsync(1); _kept = shop.SellAsync(2); await first; }")]
    [InlineData("public Task Take(long[] counts) => Task.WhenAll(counts.Select(count => shop.SellAsync(count).AsTask()));")]
    [InlineData("public long Take() => shop.SellAsync(1).AsTask().GetAwaiter().GetResult();")]
    [InlineData("public void Take() { Other(); shop.WithSession(); }")]
    public Task Somebody_waits_for(string members) => Diagnosis.IsSilentWithClientsAsync(new IgnoredCallAnalyzer(), Head + members + "}");

    [Fact]
    public async Task A_discard_is_only_hinted_at()
    {
        Compilation compilation = Diagnosis.Generate(Diagnosis.Compile(Head + "public void Take() { _ = shop.SellAsync(1); } }"));

        Diagnostic only = Assert.Single(await Diagnosis.AnalyzeAsync(compilation, [], new IgnoredCallAnalyzer()));

        Assert.Equal(DiagnosticSeverity.Info, only.Severity);
        Assert.Equal("Nobody learns whether 'IShopClient.SellAsync' was executed, refused or lost: await it, or keep the task and await that", only.GetMessage(null));
    }
}
