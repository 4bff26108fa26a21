using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Recovery;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Recovery;

public sealed class ForcedRecoveryTests
{
    [Theory]
    [InlineData(1UL, 0)]
    [InlineData(2UL, 0)]
    [InlineData(3UL, 50)]
    public void The_last_of_three_becomes_a_cluster_of_its_own_and_keeps_everything_that_was_acknowledged(ulong seed, int snapshotThreshold)
    {
        TestCluster cluster = TestCluster.Formed(3, seed, TestCluster.Raft with { SnapshotThreshold = snapshotThreshold, TrailingLogs = 10 });
        for (int i = 0; i < 120; i++)
            Run(cluster, Tally.Add("k" + (i % 7), 1));
        cluster.AssertReplicasBecomeEqual();
        TestNode survivor = LeaveOne(cluster, cluster.Nodes[(int)(seed % 3)]);
        ulong term = survivor.Store.Load(GroupId.System).HardState.Term;

        RecoveryPlan plan = Recover(survivor);
        Assert.Equal((0u, 1u, 2, 2), (plan.Epoch, plan.NewEpoch, plan.Left.Count, plan.Groups.Count));
        survivor.Start();
        cluster.RunUntil(() => survivor.Leads() && survivor.Leads(SystemMachine.MachineName) && survivor.Running!.Status.Members.Count == 1);
        Assert.Equal(1u, survivor.Running!.Status.Identity!.Epoch);
        Assert.True(survivor.Group(SystemMachine.MachineName)!.Term > term + 1);
        TestCall total = survivor.Query(Tally.TotalOf("k0"));
        cluster.RunUntil(() => total.IsComplete);
        Assert.Equal(18, total.Number);
        Assert.Equal(19, Run(cluster, Tally.Add("k0", 1)).Number);

        // It grows again, and what was gone may come back with an empty directory, under its old name.
        TestNode lost = cluster.Nodes.First(node => node != survivor);
        lost.Wipe();
        lost.Start();
        TestNode.Order order = survivor.Administer(AdministrationAction.AddMember, lost.Name);
        cluster.RunUntil(() => order.Outcome is not null);
        Assert.Equal((AdministrationStatus.Done, 2), (order.Outcome!.Status, survivor.Group()!.CommittedConfiguration.Voters.Length));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void An_old_member_that_comes_back_is_refused_and_changes_nothing()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Run(cluster, Tally.Add("a", 1));
        cluster.AssertReplicasBecomeEqual();
        TestNode survivor = LeaveOne(cluster, cluster.Nodes[0]);
        Recover(survivor);
        survivor.Start();
        cluster.RunUntil(() => survivor.Leads());
        foreach (TestNode old in cluster.Nodes.Where(node => node != survivor))
            old.Start();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Log.Count("recovered by force") > 0));
        cluster.RunFor(5_000);
        Assert.True(survivor.Leads());
        Assert.Single(survivor.Running!.Status.Members);
        Assert.All(cluster.Nodes.Where(node => node != survivor), node => Assert.Equal(0u, node.Running!.Status.Identity!.Epoch));
    }

    [Fact]
    public void A_learner_can_be_the_one_that_is_left()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode learner = cluster.AddNewcomer();
        learner.Start();
        TestNode.Order order = cluster.Leader.Administer(AdministrationAction.AddMember, learner.Name, asLearner: true);
        cluster.RunUntil(() => order.Outcome is not null);
        Run(cluster, Tally.Add("a", 7));
        cluster.AssertReplicasBecomeEqual();
        LeaveOne(cluster, learner);
        Recover(learner);
        learner.Start();
        cluster.RunUntil(() => learner.Leads());
        Assert.Equal(8, Run(cluster, Tally.Add("a", 1)).Number);
        cluster.RunUntil(() => learner.Group()!.CommittedConfiguration.IsVoter(learner.Running!.Status.Identity!.RaftId));
    }

    [Fact]
    public void Looking_changes_nothing()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Run(cluster, Tally.Add("a", 1));
        TestNode survivor = LeaveOne(cluster, cluster.Nodes[1]);
        StoredGroup before = survivor.Store.Load(GroupId.System);
        using (ForcedRecovery recovery = Open(survivor))
            Assert.False(recovery.Plan.IsUnfinished);
        Assert.Equal(before, survivor.Store.Load(GroupId.System));
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        Assert.Equal(2, Run(cluster, Tally.Add("a", 1)).Number);
    }

    [Fact]
    public void It_can_be_done_again_when_it_was_of_no_avail()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Run(cluster, Tally.Add("a", 1));
        cluster.AssertReplicasBecomeEqual();
        TestNode survivor = LeaveOne(cluster, cluster.Nodes[2]);
        Recover(survivor);
        RecoveryPlan second = Recover(survivor);
        Assert.Equal((1u, 2u, false), (second.Epoch, second.NewEpoch, second.IsUnfinished));
        survivor.Start();
        cluster.RunUntil(() => survivor.Leads());
        Assert.Equal(2, Run(cluster, Tally.Add("a", 1)).Number);
        Assert.Equal(2u, survivor.Running!.Status.Identity!.Epoch);
    }

    [Fact]
    public void A_directory_in_use_is_left_alone_and_an_empty_one_is_no_node()
    {
        TestCluster cluster = TestCluster.Formed(1);
        Assert.Throws<StorageFailedException>(() => Open(cluster.Leader));
        TestNode newcomer = cluster.AddNewcomer();
        Assert.Contains("no data directory", Assert.Throws<StorageFailedException>(() => Open(newcomer)).Message, StringComparison.Ordinal);
        newcomer.Start();
        newcomer.Kill();
        Assert.Contains("belongs to no cluster", Assert.Throws<StorageFailedException>(() => Open(newcomer)).Message, StringComparison.Ordinal);
    }

    private static TestNode LeaveOne(TestCluster cluster, TestNode survivor)
    {
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        return survivor;
    }

    private static ForcedRecovery Open(TestNode node) => ForcedRecovery.Open(node.Disk, "/data", _ => node.Store);

    private static RecoveryPlan Recover(TestNode node)
    {
        using ForcedRecovery recovery = Open(node);
        recovery.Carry();
        return recovery.Plan;
    }

    private static TestCall Run(TestCluster cluster, byte[] command)
    {
        while (true)
        {
            cluster.RunUntil(() => cluster.HasOneLeader);
            TestCall call = cluster.Leader.Command(command);
            cluster.RunUntil(() => call.IsComplete);
            if (call.Status == ReplyStatus.Ok)
                return call;
            Assert.True(call.Status is ReplyStatus.NotLeader or ReplyStatus.NoLeader or ReplyStatus.Overloaded, $"{call.Status} {call.Message}");
        }
    }
}
