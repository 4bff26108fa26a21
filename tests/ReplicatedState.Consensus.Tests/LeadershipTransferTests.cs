using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

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

    [Theory, Trap("50")]
    [InlineData(4, "a learner")]
    [InlineData(3, "a voter that is on its way out")]
    [InlineData(9, "nobody of the group")]
    [InlineData(1, "the leader itself")]
    public void Leadership_goes_to_a_voter_of_the_coming_configuration_or_nowhere(ulong target, string because)
    {
        var cluster = new TestCluster(new Configuration([new RaftId(1), new RaftId(2)], [new RaftId(1), new RaftId(3)], [new RaftId(4)]));
        TestNode leader = cluster.Elect(1);
        leader.Core.TransferLeadership(new RaftId(target));
        leader.Pump();
        Assert.True(leader.Status.TransferTarget.IsNone, because);
        Assert.Empty(leader.Outbox);
        Assert.Equal(ProposeOutcome.Accepted, leader.Propose("x").Outcome);
    }

    public enum Mishap
    {
        TargetVanishes,
        OrderIsLost,
        TargetsVoteIsLost,
        TargetStaysBehind,
        TargetsDiskIsStuck,
        NobodyElseVotes,
    }

    [Theory, Trap("50")]
    [InlineData(Mishap.TargetVanishes)]
    [InlineData(Mishap.OrderIsLost)]
    [InlineData(Mishap.TargetsVoteIsLost)]
    [InlineData(Mishap.TargetStaysBehind)]
    [InlineData(Mishap.TargetsDiskIsStuck)]
    [InlineData(Mishap.NobodyElseVotes)]
    public void Everything_is_refused_meanwhile_and_whatever_goes_wrong_service_is_back_after_an_election_timeout(Mishap mishap)
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        switch (mishap)
        {
            case Mishap.TargetVanishes:
                cluster.Isolate(2);
                break;
            case Mishap.OrderIsLost:
                cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
                break;
            case Mishap.TargetsVoteIsLost:
                cluster.Drop = m => m is { Kind: MessageKind.Vote, LeadershipTransfer: true };
                break;
            case Mishap.TargetStaysBehind:
                cluster.Drop = m => m is { Kind: MessageKind.Append, To.Value: 2 };
                leader.Propose("before");
                cluster.Settle();
                break;
            case Mishap.TargetsDiskIsStuck:
                cluster[2].DiskIsSlow = true;
                break;
            case Mishap.NobodyElseVotes:
                cluster.Drop = m => m is { Kind: MessageKind.VoteResponse, From.Value: 3 } or { Kind: MessageKind.Vote, To.Value: 1 };
                break;
        }

        leader.Core.TransferLeadership(new RaftId(2));
        leader.Pump();
        Assert.Equal(BusyReason.LeadershipTransfer, leader.Propose("meanwhile").Reason);
        leader.RequestRead(new ReadContext(leader.Id, 1, 1));
        cluster[3].RequestRead(new ReadContext(new RaftId(3), 1, 2));
        cluster.Settle();
        Assert.Empty(leader.Reads);
        Assert.Single(leader.ReadsFailed);
        Assert.Empty(cluster[3].Reads);

        int ticks = 0;
        while (!cluster.Nodes.Any(node => node.Propose($"after {ticks}").Outcome == ProposeOutcome.Accepted))
        {
            Assert.True(++ticks <= 50, "nobody takes proposals any more");
            cluster.Tick();
        }

        cluster.Heal();
        cluster[2].DiskIsSlow = false;
        cluster.Tick(60);
        TestNode now = Assert.Single(cluster.Nodes, node => node.IsLeader);
        Assert.Equal(ProposeOutcome.Accepted, now.Propose("whole again").Outcome);
        now.RequestRead(new ReadContext(now.Id, 1, 3));
        cluster.Tick(2);
        Assert.Contains(now.Reads, read => read.Context.Sequence == 3);
        Assert.All(cluster.Nodes, node => Assert.Equal("whole again", node.Applied[^1]));
        Assert.Single(cluster[3].ReadsFailed);
    }

    [Theory, Trap("50")]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_two_hand_overs_the_later_counts_and_in_whatever_order_the_orders_arrive_a_term_has_one_leader(bool laterFirst)
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.TransferLeadership(new RaftId(2));
        leader.Core.TransferLeadership(new RaftId(3));
        leader.Pump();
        Assert.Equal(new RaftId(3), leader.Status.TransferTarget);
        List<Message> orders = [.. cluster.TakeMessages().Where(m => m.Kind == MessageKind.TimeoutNow)];
        Assert.Equal(2, orders.Count);
        if (laterFirst)
            orders.Reverse();
        var leaders = new Dictionary<ulong, RaftId>();
        foreach (Message order in orders)
            cluster.Deliver(order);
        for (int i = 0; i < 40; i++)
        {
            foreach (TestNode node in cluster.Nodes.Where(node => node.IsLeader))
                Assert.True(leaders.TryAdd(node.Status.HardState.Term, node.Id) || leaders[node.Status.HardState.Term] == node.Id);
            cluster.Tick();
        }

        Assert.Single(cluster.Nodes, node => node.IsLeader);
    }

    [Fact]
    public void To_ask_again_for_the_same_hand_over_prolongs_nothing()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(new RaftId(2));
        for (int i = 0; i < 9; i++)
        {
            cluster.Tick();
            leader.Core.TransferLeadership(new RaftId(2));
        }

        cluster.Tick();
        Assert.True(leader.Status.TransferTarget.IsNone);
    }

    [Theory]
    [InlineData(4)] // a learner
    [InlineData(1)] // the leader itself
    public void An_order_to_campaign_means_nothing_to_whoever_may_not(int to)
    {
        var cluster = new TestCluster(new Configuration([new RaftId(1), new RaftId(2), new RaftId(3)], [], [new RaftId(4)]));
        cluster.Elect(1);
        CoreStatus before = cluster[to].Status;
        cluster[to].Step(new Message { Kind = MessageKind.TimeoutNow, From = new RaftId(2), To = new RaftId((ulong)to), Term = before.HardState.Term });
        Assert.Equal(before, cluster[to].Status);
    }
}
