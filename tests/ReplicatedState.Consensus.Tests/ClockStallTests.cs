using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

/// <summary>A node that stood still: election timeouts are 10 to 20 ticks, so more than 5 missed ones are a stall.</summary>
public sealed class ClockStallTests
{
    [Fact]
    public void A_follower_that_overslept_listens_for_two_heartbeats_before_it_campaigns_and_no_longer()
    {
        int timeout = TicksUntilCampaign(new TestCluster(3)[2], _ => { });
        for (int waited = 0; waited < timeout; waited++)
        {
            TestNode follower = new TestCluster(3)[2];
            follower.Tick(waited);
            follower.Core.OnClockStall(6);
            Assert.Equal(Math.Max(timeout - waited, 3), TicksUntilCampaign(follower, _ => { }));
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

    [Theory]
    [InlineData(100, 100, false, 0)] // a tick
    [InlineData(199, 199, false, 0)] // late by less than one
    [InlineData(200, 200, true, 1)]
    [InlineData(1000, 1000, true, 9)] // the process was stopped
    [InlineData(0, 60, true, 0)] // the machine was suspended for more than half a tick
    [InlineData(100, 150, false, 0)]
    [InlineData(100, 5000, true, 49)]
    [InlineData(100, -5000, false, 0)] // the wall clock was set back
    public void A_stall_is_seen_from_the_clocks(int ranMs, int passedMs, bool isStall, int missedTicks)
    {
        var watch = new StallWatch(tickMs: 100, new ClockReading(1_000_000, 70));
        Assert.Equal(isStall, watch.IsStall(new ClockReading(1_000_000 + passedMs, 70 + ranMs), out int missed));
        Assert.Equal(missedTicks, missed);
        Assert.False(watch.IsStall(new ClockReading(1_000_000 + passedMs + 50, 70 + ranMs + 50), out _), "told once");
    }

    [Fact]
    public void Short_suspensions_add_up()
    {
        var watch = new StallWatch(tickMs: 100, new ClockReading(0, 0));
        Assert.False(watch.IsStall(new ClockReading(80, 50), out _));
        Assert.True(watch.IsStall(new ClockReading(160, 100), out _), "30 ms and another 30");
        Assert.False(watch.IsStall(new ClockReading(240, 150), out _));
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
