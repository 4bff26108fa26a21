using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Network;

namespace ReplicatedState.Chaos.Faults;

/// <summary>A node is cut off from one other or from all of them, hears nothing, isn't heard, or both; now and then the clients are cut off from it instead.</summary>
internal sealed class PartitionFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan LengthMin = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan LengthMax = TimeSpan.FromSeconds(5);

    public FaultKind Kind => FaultKind.Partition;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        (NodeProcess victim, string role) = await Victim.ChooseAsync(cluster, random, stop);
        string[] others = [.. cluster.Nodes.Where(node => node != victim).Select(node => node.Name)];
        random.Shuffle(others);
        if (!FaultNetwork.KnowsDialers || random.Next(8) == 0)
            others = [FaultNetwork.Clients];
        else if (random.Next(3) == 0)
            others = others[..1];
        bool deaf = random.Next(3) != 0;
        bool mute = !deaf || random.Next(2) == 0;
        var cut = new List<Link>();
        foreach (string other in others)
        {
            if (deaf)
                cut.Add(cluster.Network.Between(other, victim.Name));
            if (mute)
                cut.Add(cluster.Network.Between(victim.Name, other));
        }

        TimeSpan length = LengthMin + ((LengthMax - LengthMin) * random.NextDouble());
        string direction = deaf && mute ? "neither hears nor reaches" : deaf ? "doesn't hear" : "doesn't reach";
        say($"{victim.Name}, {role}, {direction} {string.Join(" and ", others)} for {length.TotalSeconds:0.0} s");
        long heldBefore = cut.Sum(link => link.Held);
        try
        {
            foreach (Link link in cut)
                link.Hold();
            await Task.Delay(length, stop);
        }
        finally
        {
            foreach (Link link in cut)
                link.Release();
            say($"{victim.Name} is connected again");
        }

        return cut.Sum(link => link.Held) > heldBefore;
    }
}
