using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Network;
using ReplicatedState.Chaos.Node;

namespace ReplicatedState.Chaos.Faults;

/// <summary>What some processes send others takes a while, up to as long as a follower waits for its leader; drawn anew each time, so that connections overtake each other.</summary>
internal sealed class DelayFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DelayMax = RegisterNode.ElectionTimeoutMax;
    private static readonly TimeSpan LengthMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LengthMax = TimeSpan.FromSeconds(5);

    public FaultKind Kind => FaultKind.Delay;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        string[] processes = [.. cluster.Nodes.Select(node => node.Name), FaultNetwork.Clients];
        TimeSpan delay = DelayMin * Math.Pow(DelayMax / DelayMin, random.NextDouble());
        var slow = new List<Link>();
        foreach (string from in processes)
        {
            foreach (string to in processes)
            {
                if (from != to && random.Next(2) == 0)
                    slow.Add(cluster.Network.Between(from, to));
            }
        }

        TimeSpan length = LengthMin + ((LengthMax - LengthMin) * random.NextDouble());
        say($"{slow.Count} links delay by up to {delay.TotalMilliseconds:0} ms for {length.TotalSeconds:0.0} s");
        long delayedBefore = slow.Sum(link => link.Delayed);
        try
        {
            foreach (Link link in slow)
                link.Delay(delay, random.Next());
            await Task.Delay(length, stop);
        }
        finally
        {
            foreach (Link link in slow)
                link.Delay(TimeSpan.Zero, 0);
            say("links are quick again");
        }

        return slow.Sum(link => link.Delayed) > delayedBefore;
    }
}
