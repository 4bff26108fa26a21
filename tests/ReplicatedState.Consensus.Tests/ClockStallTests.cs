using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

/// <summary>A node that stood still: election timeouts are 10 to 20 ticks, so more than 5 missed ones are a stall.</summary>
public sealed class ClockStallTests
{
    [Fact]
    public void A_follower_that_overslept_listens_for_a_whole_timeout_before_it_campaigns()
    {
        int timeout = TicksUntilCampaign(new TestCluster(3)[2], _ => { });
        for (int waited = 0; waited < timeout; waited++)
        {
            TestNode follower = new TestCluster(3)[2];
            follower.Tick(waited);
            follower.Core.OnClockStall(6);
            follower.Tick(9);
            Assert.Equal(RaftRole.Follower, follower.Status.Role);
            follower.Tick(11);
            Assert.Equal(RaftRole.PreCandidate, follower.Status.Role);
        }
    }

    [Fact]
    public void A_short_gap_changes_nothing()
    {
        int timeout = TicksUntilCampaign(new TestCluster(3)[2], _ => { });
        Assert.Equal(timeout, TicksUntilCampaign(new TestCluster(3)[2], node => node.Core.OnClockStall(5)));
    }

    [Fact]
    public void A_leader_that_overslept_asks_its_quorum_at_once_and_steps_down_when_nobody_answers_within_an_election_timeout()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Tick(9);
        cluster.Settle();
        leader.Core.OnClockStall(6);
        leader.Pump();
        Assert.Equal(2, leader.Outbox.Count(m => m.Kind == MessageKind.Heartbeat));
        cluster.Isolate(1);
        cluster.Settle();
        leader.Tick(9);
        Assert.True(leader.IsLeader, "the answers had no time to come");
        leader.Tick(1);
        Assert.False(leader.IsLeader);
    }

    [Fact]
    public void A_leader_that_overslept_and_is_answered_goes_on()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.OnClockStall(1000);
        leader.Pump();
        cluster.Tick(50);
        Assert.True(leader.IsLeader);
        Assert.Equal(2UL, leader.Status.HardState.Term);
    }

    private static int TicksUntilCampaign(TestNode node, Action<TestNode> afterEachTick)
    {
        int ticks = 0;
        for (; node.Status.Role == RaftRole.Follower; ticks++)
        {
            node.Tick();
            afterEachTick(node);
        }

        return ticks;
    }
}
