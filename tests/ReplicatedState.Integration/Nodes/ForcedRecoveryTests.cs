using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

public sealed class ForcedRecoveryTests
{
    [Fact]
    public async Task The_last_node_of_three_is_recovered_with_every_acknowledged_transfer_and_an_old_member_is_refused()
    {
        await using var nodes = new BankTrio();
        await nodes.StartAllAsync();
        Guid[] ids = [.. Enumerable.Range(0, 60).Select(_ => Guid.NewGuid())];
        Account to;
        await using (ReplicatedStateClient client = nodes.Connect())
        {
            IBankClient bank = BankTrio.BankOf(client);
            Account from = await bank.OpenAsync("from", 1_000_000);
            to = await bank.OpenAsync("to", 0);
            await Parallel.ForEachAsync(ids, async (id, _) => await bank.TransferAsync(new Transfer(id, from.Number, to.Number, 1), CancellationToken.None));
        }

        int survivor = await nodes.LeaderAsync();
        int old = (survivor + 1) % 3;
        int gone = (survivor + 2) % 3;
        Assert.Equal(3, (await Rsctl.RunAsync("recover", "force-new-cluster", "--data", nodes.DataOf(survivor), "--yes")).ExitCode);
        for (int node = 0; node < 3; node++)
        {
            nodes.Process(node).Kill();
            await nodes.Process(node).EndsAsync();
        }

        Directory.Delete(nodes.DataOf(gone), recursive: true);
        Assert.Equal(2, (await Rsctl.RunAsync("recover", "force-new-cluster", "--dry-run")).ExitCode);
        Assert.Equal(1, (await Rsctl.RunAsync("recover", "force-new-cluster", "--data", nodes.DataOf(gone), "--yes")).ExitCode);
        (int exitCode, string said) = await Rsctl.RunAsync("recover", "force-new-cluster", "--data", nodes.DataOf(survivor), "--dry-run");
        Assert.True(exitCode == 0, said);
        Assert.Contains("becomes the only member of epoch 1", said, StringComparison.Ordinal);
        Assert.Equal(4, (await Rsctl.RunAsync("recover", "force-new-cluster", "--data", nodes.DataOf(survivor))).ExitCode);
        (exitCode, said) = await Rsctl.RunAsync("recover", "force-new-cluster", "--data", nodes.DataOf(survivor), "--yes");
        Assert.True(exitCode == 0, said);

        nodes.Start(survivor);
        await nodes.ReadyAsync(survivor);
        await AssertServesAsync(nodes, ids, to);
        nodes.Start(old);
        await nodes.Process(old).SaysAsync("recovered by force");
        await AssertServesAsync(nodes, ids, to);
        Assert.Equal(survivor, await nodes.LeaderAsync());
        Assert.Equal(1, (await BankProcess.StatusAsync(nodes.HttpPortOf(survivor)))!.Value.GetProperty("cluster").GetProperty("total_nodes").GetInt32());
    }

    private static async Task AssertServesAsync(BankTrio nodes, Guid[] ids, Account to)
    {
        await using ReplicatedStateClient client = nodes.Connect();
        IBankClient bank = BankTrio.BankOf(client);
        Assert.All(await bank.ExecutionsAsync(ids), times => Assert.Equal(1, times));
        Assert.Equal(ids.Length, await bank.BalanceAsync(to.Number));
    }
}
