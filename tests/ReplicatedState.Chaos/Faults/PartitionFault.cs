using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Network;

namespace ReplicatedState.Chaos.Faults;

/// <summary>A node is cut off from one other or from all of them, hears nothing, isn't heard, or both; now and then the clients are cut off from it instead. What is sent is held back and arrives late, or is lost, packet by packet.</summary>
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
        PacketRules? loses = random.Next(2) == 0 ? cluster.Network.Packets : null;
        var cut = new List<(string From, string To)>();
        foreach (string other in others)
        {
            if (deaf)
                cut.Add((other, victim.Name));
            if (mute)
                cut.Add((victim.Name, other));
        }

        TimeSpan length = LengthMin + ((LengthMax - LengthMin) * random.NextDouble());
        string direction = deaf && mute ? "neither hears nor reaches" : deaf ? "doesn't hear" : "doesn't reach";
        say($"{victim.Name}, {role}, {direction} {string.Join(" and ", others)} for {length.TotalSeconds:0.0} s{(loses is null ? "" : ", and packets are lost")}");
        try
        {
            return await (loses is null ? HoldAsync(cut, length, stop) : LoseAsync(loses, cut, length, stop));
        }
        finally
        {
            say($"{victim.Name} is connected again");
        }
    }

    private async Task<bool> HoldAsync(List<(string From, string To)> cut, TimeSpan length, CancellationToken stop)
    {
        Link[] links = [.. cut.Select(link => cluster.Network.Between(link.From, link.To))];
        long heldBefore = links.Sum(link => link.Held);
        try
        {
            foreach (Link link in links)
                link.Hold();
            await Task.Delay(length, stop);
        }
        finally
        {
            foreach (Link link in links)
                link.Release();
        }

        return links.Sum(link => link.Held) > heldBefore;
    }

    private static async Task<bool> LoseAsync(PacketRules packets, List<(string From, string To)> cut, TimeSpan length, CancellationToken stop)
    {
        long droppedBefore = packets.Dropped;
        try
        {
            packets.Lose(cut, PacketRules.All);
            await Task.Delay(length, stop);
        }
        finally
        {
            packets.Lose([], 0);
        }

        return packets.Dropped > droppedBefore;
    }
}
