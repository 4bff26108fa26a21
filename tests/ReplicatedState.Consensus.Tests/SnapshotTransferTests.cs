using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

public sealed class SnapshotTransferTests
{
    [Fact]
    public void A_member_whose_entries_are_gone_is_served_by_a_snapshot_and_then_by_entries()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        SnapshotNeed need = Assert.Single(leader.SnapshotNeeds);
        Assert.Equal((new RaftId(3), leader.Log.Snapshot.Index), (need.Follower, need.AtLeast));
        Assert.Equal(ProgressState.Snapshot, leader.Core.ProgressOf(new RaftId(3))!.Value.State);
        Assert.True(cluster[3].Core.OnSnapshotReceived(leader.Id, leader.Log.Snapshot));
        cluster[3].Pump();
        leader.Core.ReportSnapshot(new RaftId(3), ok: true);
        leader.Propose("after");
        cluster.Tick(3);
        Assert.Equal(leader.Status.Last, cluster[3].Status.Last);
        Assert.Equal(["after"], cluster[3].Applied);
        Assert.Equal(ProgressState.Replicate, leader.Core.ProgressOf(new RaftId(3))!.Value.State);
    }

    [Fact]
    public void A_snapshot_is_acknowledged_only_when_it_is_durable()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        TestNode follower = cluster[3];
        follower.DiskIsSlow = true;
        follower.Outbox.Clear();
        follower.Core.OnSnapshotReceived(leader.Id, leader.Log.Snapshot);
        follower.Pump();
        Assert.Empty(follower.Outbox);
        Assert.Equal(0UL, follower.Status.Durable.Index);
        follower.Sync();
        Assert.Contains(follower.Outbox, m => m.Kind == MessageKind.AppendResponse && m.Log.Index == leader.Log.Snapshot.Index);
    }

    [Fact]
    public void Appends_that_were_on_their_way_to_the_disk_do_not_make_a_snapshot_durable()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        TestNode follower = cluster[3];
        follower.DiskIsSlow = true;
        follower.Step(new Message
        {
            Kind = MessageKind.Append,
            From = leader.Id,
            To = follower.Id,
            Term = leader.Status.HardState.Term,
            Log = follower.Status.Last,
            Entries = new[] { new Entry(follower.Status.Last.Index + 1, leader.Status.HardState.Term, EntryKind.NoOp, 5, Payload.Empty) },
        });
        follower.Core.OnSnapshotReceived(leader.Id, leader.Log.Snapshot);
        follower.Pump();
        follower.SyncOne();
        Assert.Equal(0UL, follower.Status.Durable.Index);
        follower.SyncOne();
        Assert.Equal(leader.Log.Snapshot.Index, follower.Status.Durable.Index);
    }

    [Fact]
    public void A_snapshot_that_fails_to_arrive_is_offered_again()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        leader.Core.ReportSnapshot(new RaftId(3), ok: false);
        cluster.Tick(3);
        Assert.Equal(2, leader.SnapshotNeeds.Count);
    }

    [Fact]
    public void An_old_snapshot_is_refused_and_changes_nothing()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        CoreStatus before = cluster[2].Status;
        Assert.False(cluster[2].Core.OnSnapshotReceived(leader.Id, leader.Log.Snapshot));
        Assert.Equal(before, cluster[2].Status);
    }

    [Fact]
    public void A_snapshot_that_contradicts_what_is_committed_stops_the_node()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        SnapshotMeta forged = leader.Log.Snapshot with { Index = cluster[2].Status.HardState.Commit, Term = 99 };
        Assert.Throws<InvariantViolationException>(() => cluster[2].Core.OnSnapshotReceived(leader.Id, forged));
    }

    [Fact]
    public void A_core_starts_again_from_a_snapshot_and_the_entries_above_it()
    {
        (TestCluster cluster, TestNode leader) = ClusterWithLaggard();
        leader.Propose("above");
        cluster.Settle();
        LogPosition last = leader.Status.Last;
        ulong snapshot = leader.Log.Snapshot.Index;
        leader.Disk.CompactTo(snapshot, cluster.Configuration, 1);
        leader.Crash();
        Assert.Equal(last, leader.Status.Last);
        Assert.Equal(snapshot + 1, leader.Status.FirstIndex);
        Assert.Equal(cluster.Configuration, leader.Status.Configuration);
    }

    private static (TestCluster Cluster, TestNode Leader) ClusterWithLaggard()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(3);
        for (int i = 0; i < 10; i++)
            leader.Propose($"c{i}");
        cluster.Settle();
        leader.Log.CompactTo(leader.AppliedIndex, cluster.Configuration, 1);
        leader.Core.OnCompacted();
        cluster.Heal();
        cluster.Tick(3);
        return (cluster, leader);
    }
}
