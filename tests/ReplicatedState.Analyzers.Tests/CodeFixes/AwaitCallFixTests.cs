using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.CodeFixes.Correctness;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

public sealed class AwaitCallFixTests
{
    [Theory]
    [InlineData("public async Task Do() { shop.SellAsync(1); shop.SellAsync(2).ConfigureAwait(false); }", "public async Task Do() { await shop.SellAsync(1); await shop.SellAsync(2).ConfigureAwait(false); }")]
    [InlineData("public async Task Do() { _ = shop.SellAsync(1); await Task.Yield(); }", "public async Task Do() { await shop.SellAsync(1); await Task.Yield(); }")]
    [InlineData("public Func<Task> Do() => async () => { shop.SellAsync(1); };", "public Func<Task> Do() => async () => { await shop.SellAsync(1); };")]
    public async Task A_call_is_awaited_where_the_method_can(string before, string after) =>
        Assert.Equal(Source(after), await Fixing.ApplyToAllAsync(new IgnoredCallAnalyzer(), new AwaitCallFix(), Source(before), "Await", withClients: true));

    [Theory]
    [InlineData("public void Do() { shop.SellAsync(1); }")]
    [InlineData("public async Task Do(ShopClient? other) { other?.SellAsync(1); await Task.Yield(); }")]
    [InlineData("public async Task Do(List<long> counts) { counts.ForEach(count => shop.SellAsync(count)); await Task.Yield(); }")]
    public async Task Where_it_can_t_the_author_has_to_decide(string source) =>
        Assert.Equal(Source(source), await Fixing.ApplyAsync(new IgnoredCallAnalyzer(), new AwaitCallFix(), Source(source), withClients: true));

    private static string Source(string members) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using ReplicatedState;
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private long _sold;
            [Command] public long Sell(long count) => _sold += count;
        }

        public sealed class Desk(IShopClient shop)
        {
            {{members}}
        }
        """;
}
