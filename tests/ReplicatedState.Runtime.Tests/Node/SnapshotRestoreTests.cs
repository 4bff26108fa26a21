using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>A state that takes long to be read from its snapshot.</summary>
public sealed class SnapshotRestoreTests
{
    private static readonly RaftOptions Raft = TestCluster.Raft with { SnapshotThreshold = 50, TrailingLogs = 10 };

    [Fact]
    public void While_a_received_state_is_read_the_group_stores_and_the_old_state_answers_then_the_new_one_does()
    {
        TestCluster cluster = WithStragglerThatRestores(out TestNode straggler);
        GroupStatus restoring = straggler.Group()!;
        Assert.True(restoring.Applied < restoring.SnapshotIndex, "the metadata of the snapshot is durable, and its state isn't there");
        TestCall local = straggler.Query(Tally.TotalOf("k1"), ReadConsistency.Local);
        Assert.Equal(1, local.Number);
        TestCall add = cluster.Leader.Command(Tally.Add("k1", 1));
        cluster.RunUntil(() => add.IsComplete && straggler.Group()!.LastIndex >= add.Index);
        TestCall linearizable = straggler.Query(Tally.TotalOf("k1"));
        cluster.RunFor(3000);
        Assert.False(linearizable.IsComplete);
        Assert.True(straggler.Group()!.Commit >= add.Index, "it goes on to store and to learn what is committed");
        Assert.Equal(restoring.Applied, straggler.Group()!.Applied);
        cluster.Held.Release();
        cluster.RunUntil(() => linearizable.IsComplete);
        Assert.Equal(ReplyStatus.Ok, linearizable.Status);
        Assert.Equal(add.Number, linearizable.Number);
        Assert.Equal(1, straggler.Group()!.SnapshotsInstalled);
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_crash_before_the_swap_leaves_the_new_state_once_its_metadata_is_durable()
    {
        TestCluster cluster = WithStragglerThatRestores(out TestNode straggler);
        ulong snapshot = straggler.Group()!.SnapshotIndex;
        straggler.Kill();
        cluster.Held.Release();
        straggler.Start();
        cluster.RunUntil(() => straggler.Group() is { } group && group.Applied >= snapshot);
        Assert.Equal(0, straggler.Group()!.SnapshotsInstalled);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_crash_before_the_metadata_is_durable_leaves_the_old_state_from_which_it_catches_up()
    {
        TestCluster cluster = WithStragglerThatIsCutOff(out TestNode straggler);
        GroupStatus old = straggler.Group()!;
        cluster.Network.Heal();
        cluster.Held.Hold(name => name == "storage");
        cluster.RunUntil(() => straggler.Disk.ListFiles($"/data/snap/{old.Group}").Any(name => name.EndsWith(".snap", StringComparison.Ordinal)));
        cluster.RunFor(100);
        Assert.Equal(old.Applied, straggler.Group()!.Applied);
        straggler.Kill();
        cluster.Held.Release();
        Assert.Equal(0UL, straggler.Store.Load(old.Group).Snapshot.Index);
        straggler.Start();
        cluster.AssertReplicasBecomeEqual();
        Assert.Equal(1, straggler.Group()!.SnapshotsInstalled);
    }

    [Fact]
    public void A_node_that_starts_with_a_large_snapshot_votes_and_runs_its_other_groups_before_the_state_is_read()
    {
        TestCluster cluster = BusyMachineTests.TwoGroups(Raft);
        Fill(cluster, 5);
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group()!.SnapshotIndex > 0));
        BusyMachineTests.HoldTally(cluster);
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled && cluster.Nodes.Count(node => node.Leads("other")) == 1);
        TestCall other = cluster.Nodes.Single(node => node.Leads("other")).Command(Tally.Add("b", 1), machine: "other");
        cluster.RunUntil(() => other.IsComplete);
        Assert.Equal(ReplyStatus.Ok, other.Status);
        TestCall local = cluster.Leader.Query(Tally.TotalOf("k1"), ReadConsistency.Local, machine: TestCluster.Machine);
        Assert.Equal(ReplyStatus.NoLeader, local.Status);
        Assert.Equal(0UL, cluster.Leader.Group()!.Applied);
        TestCall add = cluster.Leader.Command(Tally.Add("k1", 1), machine: TestCluster.Machine);
        cluster.RunFor(1000);
        Assert.False(add.IsComplete);
        cluster.Held.Release();
        cluster.RunUntil(() => add.IsComplete);
        Assert.Equal(6, add.Number);
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_snapshot_that_this_binary_cannot_read_stops_the_node_with_a_sentence()
    {
        TestCluster cluster = WithStragglerThatRestores(out TestNode straggler);
        straggler.Kill();
        cluster.Held.Release();
        straggler.Machines = [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<RenamedTally>())];
        straggler.Start();
        cluster.RunUntil(() => straggler.Running!.Status.State == NodeState.Failed);
        Assert.Contains("'Totals'", straggler.Running!.Failure!.Sentence, StringComparison.Ordinal);
    }

    /// <summary>A follower that had applied a little, was away while the log was cut, and has now the leader's snapshot on its disk and on record, but not in memory.</summary>
    private static TestCluster WithStragglerThatRestores(out TestNode straggler)
    {
        TestCluster cluster = WithStragglerThatIsCutOff(out straggler);
        TestNode follower = straggler;
        string worker = $"apply {follower.Group()!.Group}";
        cluster.Network.Heal();
        cluster.Held.Hold(name => name == worker);
        cluster.RunUntil(() => follower.Group()!.SnapshotIndex > 100);
        return cluster;
    }

    private static TestCluster WithStragglerThatIsCutOff(out TestNode straggler)
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Raft);
        Fill(cluster, 1);
        cluster.AssertReplicasBecomeEqual();
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        cluster.Network.Isolate(follower.Address, cluster.Nodes.Where(node => node != follower).Select(node => node.Address));
        Fill(cluster, 30);
        cluster.RunUntil(() => cluster.Leader.Group()!.FirstIndex > 100);
        straggler = follower;
        return cluster;
    }

    private static void Fill(TestCluster cluster, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            TestCall[] calls = [.. Enumerable.Range(1, 20).Select(i => cluster.Leader.Command(Tally.Add("k" + i, 1), machine: TestCluster.Machine))];
            cluster.RunUntil(() => calls.All(call => call.IsComplete));
            Assert.All(calls, call => Assert.Equal(ReplyStatus.Ok, call.Status));
        }
    }
}
