using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class LearnerTests
{
    private static readonly RaftId Two = new(2);
    private static readonly RaftId Three = new(3);
    private static readonly RaftId Four = new(4);

    [Theory, Trap("10")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_learner_never_campaigns_also_not_after_a_restart(bool preVote)
    {
        TestCluster cluster = WithLearner(config => config with { PreVote = preVote });
        cluster.ConnectOnly();
        TickAndExpectSilence(cluster[4]);
        cluster[4].Crash();
        TickAndExpectSilence(cluster[4]);
        cluster[4].Core.Campaign();
        cluster[4].Step(new Message { Kind = MessageKind.TimeoutNow, From = new RaftId(1), To = Four, Term = cluster[4].Status.HardState.Term });
        Assert.Empty(cluster[4].Outbox);
        Assert.Equal(RaftRole.Follower, cluster[4].Status.Role);
    }

    [Fact, Trap("14")]
    public void A_learner_counts_in_no_quorum()
    {
        // Neither for commits, nor for reads, nor for staying leader.
        TestCluster cluster = WithLearner();
        TestNode leader = cluster[1];
        cluster.ConnectOnly(1, 4);
        leader.Propose("x");
        leader.Core.RequestRead(new ReadContext(leader.Id, 1, 1));
        leader.Pump();
        cluster.Settle();
        Assert.Equal(leader.Status.Last, cluster[4].Status.Last);
        Assert.DoesNotContain("x", leader.Applied);
        Assert.Empty(leader.Reads);
        cluster.Tick(25);
        Assert.False(leader.IsLeader);
    }

    [Fact]
    public void A_learner_gets_every_entry_and_applies_what_is_committed()
    {
        TestCluster cluster = WithLearner();
        cluster[1].Propose("x");
        cluster.Settle();
        Assert.Contains("x", cluster[4].Applied);
    }

    [Fact, Trap("9")]
    public void A_learner_that_was_promoted_votes_although_it_does_not_know_it_yet()
    {
        // Voters 1 and 2 alone; 3 is promoted while it is cut off, then 1 dies.
        var cluster = new TestCluster(new Configuration([new RaftId(1), Two], [], [Three]));
        cluster.Elect(1);
        cluster.Isolate(3);
        cluster.Change(1, ConfigChange.Promote(Three));
        Assert.False(cluster[3].Status.Configuration.IsVoter(Three));
        cluster.TakeMessages();
        cluster.ConnectOnly(2, 3);
        cluster.ElectAfter(2, ticks: 12);
        Assert.True(cluster[3].Status.Configuration.IsVoter(Three));
        Assert.Equal(cluster[2].Status.Last.Index, cluster[2].Status.HardState.Commit);
    }

    [Fact, Trap("51")]
    public void Whoever_was_never_heard_from_is_not_promoted()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        Assert.Equal(ConfigRefusal.NotCaughtUp, leader.ProposeConfig(ConfigChange.Promote(Four)).Reason);
        cluster.AddEmpty(4);
        cluster.Isolate(4);
        cluster.Change(1, ConfigChange.AddLearner(Four));
        Assert.Equal(0UL, leader.Core.ProgressOf(Four)!.Value.Match);
        Assert.Equal(ConfigRefusal.NotCaughtUp, leader.ProposeConfig(ConfigChange.Promote(Four)).Reason);
        Assert.Equal(ConfigRefusal.NotCaughtUp, leader.ProposeConfig(ConfigChange.Replace(Two, Four)).Reason);
        cluster.Heal();
        cluster.Tick(2);
        cluster.Change(1, ConfigChange.Promote(Four));
        Assert.True(cluster[4].Status.Configuration.IsVoter(Four));
    }

    [Fact, Trap("51")]
    public void A_learner_that_is_far_behind_or_silent_is_not_promoted()
    {
        TestCluster cluster = WithLearner(config => config with { CaughtUpEntriesMax = 10 });
        TestNode leader = cluster[1];
        cluster.Isolate(4);
        for (int i = 0; i < 11; i++)
            leader.Propose("x");
        cluster.Settle();
        Assert.Equal(ConfigRefusal.NotCaughtUp, leader.ProposeConfig(ConfigChange.Promote(Four)).Reason);
        cluster.Heal();
        cluster.Tick(2);
        cluster.Isolate(4);
        cluster.Tick(25);
        Assert.True(leader.IsLeader);
        Assert.Equal(ConfigRefusal.NotCaughtUp, leader.ProposeConfig(ConfigChange.Promote(Four)).Reason);
        cluster.Heal();
        cluster.Tick(1);
        Assert.Equal(ConfigOutcome.Accepted, leader.ProposeConfig(ConfigChange.Promote(Four)).Outcome);
    }

    [Fact]
    public void Just_after_a_check_for_a_quorum_a_living_learner_may_still_be_promoted()
    {
        TestCluster cluster = WithLearner(config => config with { HeartbeatTicks = 9 });
        for (int i = 0; i < 30; i++)
        {
            cluster.Tick();
            TestNode leader = cluster[1];
            Assert.Equal(ConfigRefusal.OutdatedIndex, leader.ProposeConfig(ConfigChange.Promote(Four), 0).Reason);
            Assert.NotEqual(0UL, leader.Core.ProgressOf(Four)!.Value.Match);
            ConfigResult promoted = leader.ProposeConfig(ConfigChange.Promote(Four));
            Assert.True(promoted.Outcome == ConfigOutcome.Accepted, $"tick {i}: {promoted.Reason}");
            cluster.Settle();
            cluster.Change(1, ConfigChange.Demote(Four));
        }
    }

    [Fact]
    public void Learners_that_are_marked_so_become_voters_when_they_have_caught_up()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.AddEmpty(5);
        cluster.Isolate(4);
        cluster.Change(1, new ConfigChange([new MemberChange(Four, MemberRole.LearnerToPromote), new MemberChange(new RaftId(5), MemberRole.LearnerToPromote)]));
        cluster.Tick(5);
        Assert.Equal("voters=(1 2 3 5) learners=(4) promote=(4)", leader.Status.Configuration.ToString());
        cluster.Heal();
        cluster.Tick(3);
        Assert.Equal("voters=(1 2 3 4 5)", leader.Status.Configuration.ToString());
        // One at a time: each in one step, each committed before the next.
        Assert.DoesNotContain(leader.ConfigEntries(), entry => entry.Configuration.IsJoint);
    }

    [Fact]
    public void A_promotion_that_a_hand_over_held_up_is_made_up_for_without_a_new_entry()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.Isolate(4);
        cluster.Change(1, ConfigChange.AddLearner(Four, promoteWhenCaughtUp: true));
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(Two);
        leader.Pump();
        cluster.Tick(5);
        Assert.Equal(leader.Status.Last.Index, leader.Core.ProgressOf(Four)!.Value.Match);
        Assert.False(leader.Status.Configuration.IsVoter(Four));
        cluster.Tick(10);
        Assert.True(leader.IsLeader);
        Assert.True(leader.Status.Configuration.IsVoter(Four));
    }

    [Fact]
    public void A_new_leader_promotes_whom_its_predecessor_would_have()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.Isolate(4);
        cluster.Change(1, ConfigChange.AddLearner(Four, promoteWhenCaughtUp: true));
        cluster.Isolate(1);
        cluster.ElectAfter(2, ticks: 12);
        cluster.Tick(3);
        Assert.Equal("voters=(1 2 3 4)", cluster[2].Status.Configuration.ToString());
    }

    private static TestCluster WithLearner(Func<CoreConfig, CoreConfig>? configure = null)
    {
        var cluster = new TestCluster(3, configure);
        cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.Change(1, ConfigChange.AddLearner(Four));
        cluster.Tick(2);
        Assert.Contains(Four, cluster[4].Status.Configuration.Learners);
        return cluster;
    }

    private static void TickAndExpectSilence(TestNode learner)
    {
        learner.Outbox.Clear();
        for (int i = 0; i < 200; i++)
            learner.Tick();
        Assert.Empty(learner.Outbox);
        Assert.Equal(RaftRole.Follower, learner.Status.Role);
    }
}
