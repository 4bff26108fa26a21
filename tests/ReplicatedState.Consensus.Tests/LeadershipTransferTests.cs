using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

public sealed class LeadershipTransferTests
{
    [Fact]
    public void Leadership_moves_to_the_target_without_waiting_for_a_timeout()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.TransferLeadership(new RaftId(3));
        leader.Pump();
        cluster.Settle();
        Assert.True(cluster[3].IsLeader);
        Assert.False(leader.IsLeader);
    }

    [Fact]
    public void A_follower_passes_the_wish_on_to_its_leader()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[2].Core.TransferLeadership(new RaftId(3));
        cluster[2].Pump();
        cluster.Settle();
        Assert.True(cluster[3].IsLeader);
    }

    [Fact]
    public void A_target_that_is_behind_is_brought_up_to_date_first()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.To.Value == 3;
        leader.Propose("x");
        cluster.Settle();
        cluster.Heal();
        leader.Core.TransferLeadership(new RaftId(3));
        leader.Pump();
        Assert.DoesNotContain(leader.Outbox, m => m.Kind == MessageKind.TimeoutNow);
        cluster.Tick(3);
        Assert.True(cluster[3].IsLeader);
        Assert.Contains("x", cluster[3].Applied);
    }

    [Fact]
    public void Proposals_are_refused_meanwhile_and_accepted_again_when_the_transfer_fails()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(new RaftId(2));
        leader.Pump();
        Assert.Equal(BusyReason.LeadershipTransfer, leader.Propose("x").Reason);
        cluster.Tick(12);
        Assert.True(leader.IsLeader);
        Assert.Equal(ProposeOutcome.Accepted, leader.Propose("x").Outcome);
    }

    [Fact]
    public void Nobody_becomes_target_who_is_no_voter()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.TransferLeadership(new RaftId(9));
        leader.Core.TransferLeadership(new RaftId(1));
        Assert.True(leader.Status.TransferTarget.IsNone);
    }
}
