using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Distrust;

/// <summary>Clusters of which one node, not the leader at first, runs the fickle machine.</summary>
internal static class Fickle
{
    public static RaftOptions Raft => TestCluster.Raft with { SnapshotThreshold = 200, TrailingLogs = 50 };

    public static TestCluster Cluster(int size, out TestNode fickle, RaftOptions? raft = null)
    {
        var cluster = new TestCluster(size, raft: raft ?? Raft);
        fickle = cluster.Nodes[^1];
        fickle.Machines = [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<FickleTally>())];
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        if (fickle.Leads())
            MakeLeader(cluster, cluster.Nodes[0]);
        return cluster;
    }

    public static void MakeLeader(TestCluster cluster, TestNode node)
    {
        if (!node.Leads())
            cluster.Leader.Carry(GroupOperationKind.TransferLeadership, node.Name);
        cluster.RunUntil(() => node.Leads() && cluster.IsSettled);
    }
}
