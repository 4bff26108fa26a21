using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Node;

namespace ReplicatedState.Chaos.Faults;

/// <summary>A node stands still for longer than any follower waits for its leader, and doesn't know.</summary>
internal sealed class PauseFault(ChaosCluster cluster, Action<string> say) : IFault
{
    public FaultKind Kind => FaultKind.Pause;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        (NodeProcess victim, string role) = await Victim.ChooseAsync(cluster, random, stop);
        TimeSpan pause = RegisterNode.ElectionTimeoutMax * (1.2 + (1.8 * random.NextDouble()));
        say($"SIGSTOP {victim.Name}, {role}, for {pause.TotalSeconds:0.0} s");
        if (!await victim.FreezeAsync(pause))
            return false;
        await cluster.AwaitBackAsync(victim, stop);
        say($"{victim.Name} goes on");
        return true;
    }
}
