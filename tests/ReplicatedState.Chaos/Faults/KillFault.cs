using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Faults;

/// <summary>kill −9 of the leader or another node; now and then of all at once, so that only what is on disk is left.</summary>
internal sealed class KillFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan DownMax = TimeSpan.FromSeconds(3);

    public FaultKind Kind => FaultKind.Kill;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        (NodeProcess victim, string role) = await Victim.ChooseAsync(cluster, random, stop);
        bool all = random.Next(5) == 0;
        NodeProcess[] victims = all ? [.. cluster.Nodes] : [victim];
        say(all ? "kill -9 of all nodes" : $"kill -9 {victim.Name}, {role}");
        await Task.WhenAll(victims.Select(node => node.KillAsync()));
        try
        {
            await Task.Delay(DownMax * random.NextDouble(), stop);
        }
        finally
        {
            foreach (NodeProcess node in victims)
                node.Start();
        }

        foreach (NodeProcess node in victims)
            await cluster.AwaitBackAsync(node, stop);
        say($"{(all ? "all nodes are" : $"{victim.Name} is")} back");
        return true;
    }
}
