using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

/// <summary>What is wrong with a node is said in a sentence, and nothing is lost by it.</summary>
public sealed class RefusalTests
{
    private const string Unhandled = "Unhandled exception";

    [Fact]
    public async Task A_node_that_is_not_among_its_peers_does_not_start()
    {
        await using BankProcess node = BankProcess.Start(["node", "n9", "--data", Path.Combine(Path.GetTempPath(), "never-made"), "--peers", "n1=127.0.0.1:7001,n2=127.0.0.1:7002,n3=127.0.0.1:7003"]);
        await node.EndsAsync();
        Assert.Equal(1, node.ExitCode);
        Assert.Contains("node 'n9' is not in peers [n1, n2, n3]", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Unhandled, node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_variable_does_not_start_a_node_with_the_default()
    {
        await using BankProcess node = BankProcess.Start(
            ["node", "n1", "--data", Path.Combine(Path.GetTempPath(), "never-made"), "--peers", "n1=127.0.0.1:7001"], ("CONSENSUS_RAFT__ELECTION_TIMOUT_MIN", "3s"));
        await node.EndsAsync();
        Assert.Equal(1, node.ExitCode);
        Assert.Contains("did you mean 'raft.election_timeout_min'?", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Unhandled, node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_a_data_directory_is_refused_and_the_first_goes_on()
    {
        string data = Directory.CreateTempSubdirectory("bank-twice-").FullName;
        int peerPort = Ports.Take();
        int httpPort = Ports.Take();
        await using (BankProcess first = StartAlone(data, peerPort, httpPort))
        {
            await Eventually.HoldsAsync("the first node to be ready", () => BankProcess.IsReadyAsync(httpPort), () => first.Output);
            await using BankProcess second = StartAlone(data, Ports.Take(), Ports.Take());
            await second.EndsAsync();
            Assert.Equal(1, second.ExitCode);
            Assert.Contains("is in use by another process", second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(Unhandled, second.Output, StringComparison.Ordinal);
            Assert.True(await BankProcess.IsReadyAsync(httpPort));
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_node_of_another_cluster_is_refused_by_both_labels()
    {
        await using var nodes = new BankTrio();
        nodes.Start(0);
        nodes.Start(1);
        nodes.Start(2, ("CONSENSUS_CLUSTER_ID", "savings-bank"));
        await nodes.Process(2).SaysAsync("ClusterMismatch");
        Assert.Contains("'bank'", nodes.Process(2).Output, StringComparison.Ordinal);
        Assert.Contains("'savings-bank'", nodes.Process(2).Output, StringComparison.Ordinal);
        Assert.False(await BankProcess.IsReadyAsync(nodes.HttpPortOf(2)));
    }

    [Fact]
    public async Task A_wiped_node_is_refused_under_its_old_name_and_the_others_go_on()
    {
        await using var nodes = new BankTrio();
        await nodes.StartAllAsync();
        await using ReplicatedStateClient client = nodes.Connect();
        IBankClient bank = BankTrio.BankOf(client);
        Account account = await bank.OpenAsync("somebody", 100);
        int victim = (await nodes.LeaderAsync() + 1) % 3;

        nodes.Process(victim).Kill();
        await nodes.Process(victim).EndsAsync();
        Directory.Delete(nodes.DataOf(victim), recursive: true);
        nodes.Start(victim);

        await nodes.Process(victim).SaysAsync("WipedNode");
        Assert.False(await BankProcess.IsReadyAsync(nodes.HttpPortOf(victim)));
        Assert.Equal(100, await bank.BalanceAsync(account.Number));
        Assert.Equal(7, (await bank.OpenAsync("somebody else", 7)).Balance);
        Assert.DoesNotContain(Unhandled, nodes.Process(victim).Output, StringComparison.Ordinal);
    }

    private static BankProcess StartAlone(string data, int peerPort, int httpPort) =>
        BankProcess.Start(["node", "n1", "--data", data, "--peers", $"n1=127.0.0.1:{peerPort}", "--http-port", $"{httpPort}", "--with-parent"]);
}
