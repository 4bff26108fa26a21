using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

public sealed class WatchTests
{
    private const int Accounts = 60;

    [Fact]
    public async Task A_watch_over_gRPC_misses_nothing_when_its_node_and_the_leader_are_killed_and_goes_on_from_where_another_client_was()
    {
        await using var nodes = new BankTrio();
        await nodes.StartAllAsync();
        await using ReplicatedStateClient client = nodes.Connect(options => options.AttemptTimeout = TimeSpan.FromSeconds(2));
        IBankClient bank = BankTrio.BankOf(client);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await bank.OpenAsync("before", 0);
        EventPosition from = EventPosition.After(client.Machine("bank").SessionToken);

        // A client of its own, whose first endpoint, which it watches at, is killed, be it the leader or not.
        await using ReplicatedStateClient watching = nodes.Connect(options => options.AttemptTimeout = TimeSpan.FromSeconds(2));
        Task<List<MachineEvent<Account>>> watch = WatchAsync(BankTrio.BankOf(watching), from, Accounts, end.Token);
        var opened = new List<Account>();
        for (int i = 0; i < Accounts; i++)
        {
            opened.Add(await bank.OpenAsync($"{i}", i, end.Token));
            if (i == 20)
                nodes.Process(0).Kill();
            if (i == 40)
            {
                nodes.Start(0);
                await nodes.ReadyAsync(0);
                int leader = await nodes.LeaderAsync();
                nodes.Process(leader).Kill();
            }
        }

        List<MachineEvent<Account>> seen = await watch;
        Assert.Equal(opened, seen.Select(found => found.Value));
        Assert.All(seen, found => Assert.Equal(found.Value.OpenedAt, found.Time));

        await using ReplicatedStateClient later = nodes.Connect();
        EventPosition kept = EventPosition.Parse(seen[30].Position.Next.ToString());
        List<MachineEvent<Account>> rest = await WatchAsync(BankTrio.BankOf(later), kept, Accounts - 31, end.Token);
        Assert.Equal(seen.Skip(31), rest);
    }

    private static async Task<List<MachineEvent<Account>>> WatchAsync(IBankClient bank, EventPosition from, int count, CancellationToken cancellationToken)
    {
        var seen = new List<MachineEvent<Account>>();
        await foreach (MachineEvent<Account> next in bank.WatchOpenedAsync(from, cancellationToken))
        {
            seen.Add(next);
            if (seen.Count == count)
                break;
        }

        return seen;
    }
}
