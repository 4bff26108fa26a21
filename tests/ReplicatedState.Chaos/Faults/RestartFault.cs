using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Faults;

/// <summary>A rolling restart: every node is asked to stop and started again, one after the other.</summary>
internal sealed class RestartFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    public FaultKind Kind => FaultKind.Restart;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        NodeProcess[] nodes = [.. cluster.Nodes];
        random.Shuffle(nodes);
        foreach (NodeProcess node in nodes)
        {
            stop.ThrowIfCancellationRequested();
            say($"SIGTERM {node.Name}, and again from disk");
            await node.TerminateAsync();
            node.Start();
            await cluster.WaitAsync($"{node.Name} to follow or lead again", ReadyPatience, views => views.Any(view => view?.Name == node.Name && view.Leader is not null), stop);
        }

        say("all nodes were restarted");
        return true;
    }
}
