using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Faults;

/// <summary>Who is hit: in half of all cases the leader.</summary>
internal static class Victim
{
    public static async Task<(NodeProcess Node, string Role)> ChooseAsync(ChaosCluster cluster, Random random, CancellationToken cancellationToken)
    {
        string? leader = (await cluster.LeaderAsync(cancellationToken))?.Name;
        NodeProcess? leading = cluster.Nodes.FirstOrDefault(node => node.Name == leader);
        NodeProcess[] others = [.. cluster.Nodes.Where(node => node != leading)];
        return leading is not null && random.Next(2) == 0 ? (leading, "the leader") : (others[random.Next(others.Length)], leading is null ? "while nobody leads" : "a follower");
    }
}
