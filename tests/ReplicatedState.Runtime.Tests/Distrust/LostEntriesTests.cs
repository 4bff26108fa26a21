using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Distrust;

/// <summary>A voter whose disk goes back in time while the others are up.</summary>
public sealed class LostEntriesTests
{
    [Fact]
    public void A_voter_on_a_restored_backup_is_told_stops_and_never_starts_on_that_disk_again()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Add(cluster, 5);
        TestNode restored = cluster.Nodes.First(node => !node.Leads());
        KeptLogStore backup = restored.Store.Copy();
        Add(cluster, 5);
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group()!.Applied == cluster.Leader.Group()!.Applied));
        restored.Kill();
        restored.Restore(backup);
        restored.Start();
        cluster.RunUntil(() => restored.Running!.Failure is not null);
        Assert.StartsWith("This disk holds less than this node acknowledged: group 1 ('tally') ends at entry", restored.Running!.Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("wipe the data directory and readmit the node", restored.Running!.Failure!.Sentence, StringComparison.Ordinal);
        cluster.RunUntil(() => cluster.Leader.Group()!.Peers.Single(peer => peer.Name == restored.Name).Refusal?.Contains("holds less than it acknowledged", StringComparison.Ordinal) == true, withinMs: 1000);
        Add(cluster, 1);

        // The leader that remembered is gone, and the disk is still no good.
        cluster.Leader.Carry(GroupOperationKind.TransferLeadership);
        cluster.RunFor(1000);
        StorageFailedException refused = Assert.Throws<StorageFailedException>(restored.Start);
        Assert.StartsWith("This disk holds less than this node acknowledged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wiped_and_readmitted_it_is_a_member_again()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode restored = cluster.Nodes.First(node => !node.Leads());
        KeptLogStore backup = restored.Store.Copy();
        Add(cluster, 5);
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group()!.Applied == cluster.Leader.Group()!.Applied));
        restored.Kill();
        restored.Restore(backup);
        restored.Start();
        cluster.RunUntil(() => restored.Running!.Failure is not null);
        restored.Wipe();
        restored.Start();
        TestNode.Order replace = cluster.Leader.Administer(AdministrationAction.ReplaceMember, restored.Name);
        cluster.RunUntil(() => replace.Outcome is not null);
        Assert.Equal(AdministrationStatus.Done, replace.Outcome!.Status);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_restart_on_the_disk_that_was_left_accuses_nobody()
    {
        TestCluster cluster = TestCluster.Formed(3);
        foreach (TestNode node in cluster.Nodes)
        {
            Add(cluster, 5);
            node.Kill();
            cluster.RunUntil(() => cluster.HasOneLeader);
            Add(cluster, 5);
            node.Start();
            cluster.RunUntil(() => cluster.IsSettled);
        }

        cluster.AssertReplicasBecomeEqual();
        Assert.All(cluster.Nodes, node => Assert.Null(node.Running!.Failure));
    }

    private static void Add(TestCluster cluster, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TestCall call = cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunUntil(() => call.IsComplete);
        }
    }
}
