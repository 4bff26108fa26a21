using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

public sealed class DistrustTests
{
    [Fact]
    public void A_node_that_must_not_lead_neither_campaigns_nor_obeys_an_order_to()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster[3].Core.AllowLeading(false);
        leader.Core.TransferLeadership(cluster[3].Id);
        leader.Pump();
        cluster.Tick(12);
        Assert.False(cluster[3].IsLeader);
        cluster.Isolate(3);
        cluster[3].Tick(200);
        Assert.Equal(RaftRole.Follower, cluster[3].Status.Role);
        cluster[3].Core.Campaign();
        Assert.Equal(RaftRole.Follower, cluster[3].Status.Role);
        cluster.Heal();
        cluster[3].Core.AllowLeading(true);
        cluster.Tick(5);
        HandOver(cluster, leader, cluster[3]);
    }

    [Fact]
    public void A_node_that_must_not_lead_votes_and_stores()
    {
        var cluster = new TestCluster(3);
        cluster[3].Core.AllowLeading(false);
        cluster.Isolate(2);
        TestNode leader = cluster.Elect(1);
        ulong index = leader.Propose("x").FirstIndex;
        cluster.Settle();
        Assert.True(leader.Status.HardState.Commit >= index, "its disk counts");
        Assert.Contains("x", cluster[3].Applied);
    }

    [Fact]
    public void A_candidate_that_must_not_lead_any_more_gives_up()
    {
        var cluster = new TestCluster(3);
        cluster[1].Core.Campaign();
        cluster[1].Pump();
        Assert.NotEqual(RaftRole.Follower, cluster[1].Status.Role);
        cluster[1].Core.AllowLeading(false);
        cluster.Settle();
        Assert.False(cluster[1].IsLeader);
    }

    [Fact]
    public void A_leader_that_must_not_lead_any_more_has_time_to_hand_over()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.AllowLeading(false);
        leader.Core.TransferLeadership(cluster[2].Id);
        leader.Pump();
        cluster.Settle();
        Assert.True(cluster[2].IsLeader);
    }

    [Fact]
    public void Leadership_is_not_offered_to_a_member_that_has_lost_entries()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Step(new Message { Kind = MessageKind.HeartbeatResponse, From = cluster[3].Id, To = leader.Id, Term = leader.Status.HardState.Term, Reject = true });
        leader.Core.TransferLeadership(cluster[3].Id);
        Assert.True(leader.Status.TransferTarget.IsNone);
        Assert.Equal(ProposeOutcome.Accepted, leader.Propose("x").Outcome);
        leader.Core.TransferLeadership(cluster[2].Id);
        Assert.Equal(cluster[2].Id, leader.Status.TransferTarget);
    }

    [Fact]
    public void Late_heartbeats_and_those_of_other_terms_accuse_nobody()
    {
        var cluster = new TestCluster(3);
        TestNode first = cluster.Elect(1);
        cluster.Isolate(1);
        for (int i = 0; i < 5; i++)
            first.Propose("only here");
        ulong beyond = first.Status.Last.Index;
        cluster.TakeMessages();
        TestNode second = cluster.ElectAfter(2, ticks: 10);
        // The first leader follows the second one and gives up what it alone had: it never acknowledged that to anybody but itself.
        cluster.Heal();
        cluster.Tick(5);
        Assert.True(first.Status.Last.Index < beyond);
        first.Step(new Message { Kind = MessageKind.Heartbeat, From = cluster[3].Id, To = first.Id, Term = second.Status.HardState.Term - 1, Match = beyond });
        Assert.All(cluster.Nodes, node => Assert.Empty(node.LostEntries));
        second.Propose("y");
        cluster.Tick(2);
        Assert.Contains("y", first.Applied);
    }

    [Fact]
    public void A_crash_that_loses_what_was_not_synced_accuses_nobody()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster[3].DiskIsSlow = true;
        leader.Propose("x");
        cluster.Settle();
        cluster[3].Crash();
        cluster[3].DiskIsSlow = false;
        cluster.Tick(3);
        Assert.Empty(cluster[3].LostEntries);
        Assert.Contains("x", cluster[3].Applied);
    }

    [Fact]
    public void A_leader_of_another_term_remembers_nothing()
    {
        // What is detected is only what the leader in office has itself been told (docs/quarantine.md).
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        DurableLog backup = cluster[3].Disk.Clone();
        leader.Propose("x");
        cluster.Settle();
        cluster.Isolate(3);
        cluster[3].Restore(backup);
        HandOver(cluster, leader, cluster[2]);
        cluster.Heal();
        cluster.Tick(5);
        Assert.True(cluster[2].IsLeader);
        Assert.Empty(cluster[3].LostEntries);
        Assert.Contains("x", cluster[3].Applied);
    }

    private static void HandOver(TestCluster cluster, TestNode from, TestNode to)
    {
        from.Core.TransferLeadership(to.Id);
        from.Pump();
        cluster.Settle();
        Assert.True(to.IsLeader);
    }
}
