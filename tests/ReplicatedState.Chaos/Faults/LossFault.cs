using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Network;

namespace ReplicatedState.Chaos.Faults;

/// <summary>Packets between some processes are lost, a few or most of them, so that connections stall, break, and are dialled in vain.</summary>
internal sealed class LossFault(ChaosCluster cluster, PacketRules packets, Action<string> say) : IFault
{
    private const int PermilleMin = 10;
    private const int PermilleMax = 600;
    private static readonly TimeSpan LengthMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LengthMax = TimeSpan.FromSeconds(6);

    public FaultKind Kind => FaultKind.Loss;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        string[] processes = [.. cluster.Nodes.Select(node => node.Name), FaultNetwork.Clients];
        int permille = (int)(PermilleMin * Math.Pow((double)PermilleMax / PermilleMin, random.NextDouble()));
        (string From, string To)[] lossy = [.. from sender in processes from receiver in processes where sender != receiver && random.Next(2) == 0 select (sender, receiver)];
        TimeSpan length = LengthMin + ((LengthMax - LengthMin) * random.NextDouble());
        say($"{lossy.Length} links lose {permille / 10.0:0.0} % of their packets for {length.TotalSeconds:0.0} s");
        long droppedBefore = packets.Dropped;
        try
        {
            packets.Lose(lossy, permille);
            await Task.Delay(length, stop);
        }
        finally
        {
            packets.Lose([], 0);
        }

        long dropped = packets.Dropped - droppedBefore;
        say($"links lose nothing any more; {dropped} packets were lost");
        return dropped > 0;
    }
}
