using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

public sealed class LeaderLossTests
{
    private const int Transfers = 400;
    private const int AtATime = 16;

    [Fact]
    public async Task Killing_the_leader_loses_no_acknowledged_transfer_and_repeats_none()
    {
        await using var nodes = new BankTrio();
        await nodes.StartAllAsync();
        await using ReplicatedStateClient client = nodes.Connect();
        IBankClient bank = BankTrio.BankOf(client);
        Account from = await bank.OpenAsync("from", 1_000_000);
        Account to = await bank.OpenAsync("to", 0);
        int leader = await nodes.LeaderAsync();

        Guid[] ids = [.. Enumerable.Range(0, Transfers).Select(_ => Guid.NewGuid())];
        int acknowledged = 0;
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (id, _) =>
        {
            await bank.TransferAsync(new Transfer(id, from.Number, to.Number, 1), CancellationToken.None);
            if (Interlocked.Increment(ref acknowledged) == Transfers / 2)
                nodes.Process(leader).Kill();
        });

        Assert.True(nodes.Process(leader).HasExited);
        Assert.All(await bank.ExecutionsAsync(ids), times => Assert.Equal(1, times));
        Assert.Equal(Transfers, await bank.BalanceAsync(to.Number));

        nodes.Start(leader);
        await nodes.ReadyAsync(leader);
        Assert.NotEqual(leader, await nodes.LeaderAsync());
    }
}
