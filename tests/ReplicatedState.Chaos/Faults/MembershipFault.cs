using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Faults;

/// <summary>The cluster grows by a node, gets another leader, and shrinks by a member, which may be the leader or the newcomer.</summary>
internal sealed class MembershipFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan GrownMax = TimeSpan.FromSeconds(2);

    public FaultKind Kind => FaultKind.Membership;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        // What is begun is finished, whatever the time: a cluster left with a member that nobody runs would be a fault of the runner.
        NodeProcess added = cluster.AddNode();
        say($"adding {added.Name}");
        added.Start();
        await cluster.OrderAsync(HttpMethod.Post, $"/members/{added.Name}", answer => answer.StartsWith(nameof(AdministrationRefusal.MemberExists), StringComparison.Ordinal), CancellationToken.None);
        say($"{added.Name} is a member");
        await Task.Delay(GrownMax * random.NextDouble(), CancellationToken.None);

        bool transferred = await TransferAsync(random);

        NodeProcess[] members = [.. cluster.Nodes];
        NodeProcess leaving = members[random.Next(members.Length)];
        say($"removing {leaving.Name}");
        leaving.LetGo();
        await cluster.OrderAsync(HttpMethod.Delete, $"/members/{leaving.Name}", answer => answer.StartsWith(nameof(AdministrationRefusal.UnknownMember), StringComparison.Ordinal), CancellationToken.None);
        await cluster.ForgetAsync(leaving);
        say($"{leaving.Name} has left");
        return transferred;
    }

    /// <summary>Hands over to somebody else. That may be refused or fail: whoever leads keeps leading, or the others elect.</summary>
    private async Task<bool> TransferAsync(Random random)
    {
        for (int attempt = 0; attempt < 5; attempt++)
        {
            if (await cluster.LeaderAsync(CancellationToken.None) is not { } leader)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None);
                continue;
            }

            NodeProcess[] others = [.. cluster.Nodes.Where(node => node.Name != leader.Name)];
            NodeProcess target = others[random.Next(others.Length)];
            string answer = await cluster.TryOrderAsync(cluster.Nodes.First(node => node.Name == leader.Name), HttpMethod.Post, $"/leader/{target.Name}", CancellationToken.None);
            say($"leadership of {leader.Name} to {target.Name}: {answer}");
            if (answer == "done")
                return true;
        }

        return false;
    }
}
