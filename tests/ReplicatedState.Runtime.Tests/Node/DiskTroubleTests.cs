using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class DiskTroubleTests
{
    [Fact]
    public void A_failed_sync_stops_the_node_with_a_sentence_and_acknowledges_nothing()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestNode node = cluster.Leader;
        NodeFailure? heard = null;
        node.Running!.OnFailed = failure => heard = failure;
        node.Store.FailsOnSync = true;
        TestCall call = node.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => node.Running.Status.State == NodeState.Failed && heard is not null);
        Assert.Equal(ReplyStatus.OutcomeUnknown, call.Status);
        Assert.Contains("lets the sync fail", heard!.Sentence, StringComparison.Ordinal);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void When_the_leaders_disk_fails_the_others_elect_and_keep_what_was_acknowledged()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode old = cluster.Leader;
        TestCall before = old.Command(Tally.Add("a", 4));
        cluster.RunUntil(() => before.IsComplete);
        old.Store.FailsOnSync = true;
        TestCall call = old.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => old.Running!.Status.State == NodeState.Failed);
        Assert.NotEqual(ReplyStatus.Ok, call.IsComplete ? call.Status : ReplyStatus.OutcomeUnknown);
        cluster.RunUntil(() => cluster.Nodes.Any(node => node != old && node.Leads()));
        TestCall query = cluster.Nodes.Single(node => node != old && node.Leads()).Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.InRange(query.Number, 4, 5);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void An_entry_that_a_leader_cannot_read_for_a_straggler_stops_it_at_once_and_the_others_go_on()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode straggler = cluster.Nodes.First(node => !node.Leads());
        straggler.Kill();
        for (int i = 0; i < 20; i++)
        {
            TestCall add = cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunUntil(() => add.IsComplete);
        }

        // After a restart no entry is in memory.
        TestNode[] others = [.. cluster.Nodes.Where(node => node != straggler)];
        foreach (TestNode node in others)
            node.Kill();
        foreach (TestNode node in others)
            node.Start();
        cluster.RunUntil(() => others.Any(node => node.Leads()) && others.All(node => node.Group()!.Applied > 20));
        TestNode leader = others.Single(node => node.Leads());
        leader.Store.FailsOnRead = true;
        straggler.Start();
        cluster.RunUntil(() => leader.Running!.Failure is not null);
        Assert.Contains("reading of entry", leader.Running!.Failure!.Sentence, StringComparison.Ordinal);
        Assert.InRange(leader.Store.FailedReads, 1, 2);

        cluster.RunUntil(() => cluster.Nodes.Any(node => node != leader && node.Leads()));
        TestCall query = cluster.Nodes.Single(node => node != leader && node.Leads()).Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.Equal(20, query.Number);
        ulong applied = cluster.Nodes.Single(node => node != leader && node.Leads()).Group()!.Applied;
        cluster.RunUntil(() => straggler.Group() is { } group && group.Applied >= applied);
    }

    [Fact]
    public void A_start_makes_durable_what_an_earlier_life_could_not()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Start();
        // The directory's sync behind the rename that names the cluster fails; the cache shows the new file all the same.
        node.Disk.FailSyncAt = node.Disk.Syncs + 2;
        cluster.RunUntil(() => node.Running!.Failure is not null);
        node.Disk.KillProcess();
        node.Start();
        Guid? shown = node.Running!.Status.Identity!.ClusterGuid;
        Assert.NotNull(shown);

        node.Disk.CutPower();
        node.Disk.PowerOn();
        node.Start();
        Assert.Equal(shown, node.Running!.Status.Identity!.ClusterGuid);
    }

    [Fact]
    public void A_group_whose_first_entry_was_lost_in_a_crash_begins_again()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Store.Torn = new GroupId(1);
        node.Start();
        cluster.RunUntil(() => node.Group() is not null);
        node.Kill();
        node.Start();
        cluster.RunUntil(() => node.Leads());
        TestCall call = node.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => call.IsComplete);
        Assert.Equal(ReplyStatus.Ok, call.Status);
    }

    [Fact]
    public void A_log_of_a_cluster_that_the_identity_does_not_name_is_not_taken_for_an_empty_one()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestCall call = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => call.IsComplete);
        TestNode node = cluster.Leader;
        node.Kill();
        using (DataDirectory directory = DataDirectory.Open(node.Disk, node.Options.Storage.Path))
            directory.WriteIdentity(directory.ReadIdentity()! with { ClusterGuid = null });
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(node.Start);
        Assert.Contains("holds the log of a cluster", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("join again as a new member", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_node_on_the_same_data_directory_is_refused()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestNode node = cluster.Leader;
        Assert.Throws<StorageFailedException>(node.Start);
    }
}
