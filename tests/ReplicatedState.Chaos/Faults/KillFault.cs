using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Faults;

/// <summary>kill −9 of the leader or another node.</summary>
internal sealed class KillFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan DownMax = TimeSpan.FromSeconds(3);

    public FaultKind Kind => FaultKind.Kill;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        (NodeProcess victim, string role) = await Victim.ChooseAsync(cluster, random, stop);
        say($"kill -9 {victim.Name}, {role}");
        await victim.KillAsync();
        try
        {
            await Task.Delay(DownMax * random.NextDouble(), stop);
        }
        finally
        {
            victim.Start();
        }

        await cluster.AwaitBackAsync(victim, stop);
        say($"{victim.Name} is back");
        return true;
    }
}
