using ReplicatedState;
using ReplicatedState.Testing;

namespace BankSample.Tests;

/// <summary>The bank on simulated clusters that lose power, packets, disks and time.</summary>
public sealed class BankTests
{
    // begin page
    [Fact]
    public Task No_money_is_lost_or_made_whatever_goes_wrong() => SimulatedCluster.Of<Bank>()
        .Nodes(5)
        .Faults(Faults.All)
        .Invariant("every account brought 100", bank => bank.Totals() is var totals && totals.Money == 100 * totals.Accounts)
        .Invariant("no transfer was executed twice", bank => bank.Totals() is var totals && totals.Executions == totals.Transfers)
        .Clients(3, async (IBankClient bank, SimulatedCall call) =>
        {
            Account mine = await bank.OpenAsync($"client {call.Client}", 100);
            Account other = call.Random.OneOf(await bank.AccountsAsync());
            await bank.TransferAsync(new Transfer(call.NewGuid(), mine.Number, other.Number, call.Random.Between(1, 100)));
        })
        .RunAsync(SimulatedCluster.Seeds(first: 1, count: 10));
    // end page

    // begin page
    [Fact]
    public Task All_replicas_would_do_the_same() => DeterminismProbe.Of<Bank>().SnapshotEvery(2).RunAsync(async (IBankClient bank) =>
    {
        Account ann = await bank.OpenAsync("Ann", 100);
        Account bob = await bank.OpenAsync("Bob", 50);
        for (int i = 1; i <= 5; i++)
            await bank.TransferAsync(new Transfer(Guid.NewGuid(), ann.Number, bob.Number, i));
        await Assert.ThrowsAsync<CommandRejectedException>(() => bank.TransferAsync(new Transfer(Guid.NewGuid(), ann.Number, bob.Number, 500)).AsTask());
        Assert.Equal(150, (await bank.TotalsAsync()).Money);
    });
    // end page
}
