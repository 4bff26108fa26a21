using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class RemovalTests
{
    private static readonly RaftId One = new(1);
    private static readonly RaftId Three = new(3);

    [Fact, Trap("35")]
    public void A_leader_that_removes_itself_does_not_count_itself_and_hands_over_when_it_is_committed()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        ulong term = leader.Status.HardState.Term;
        cluster.Isolate(3);
        leader.ProposeConfig(ConfigChange.Remove(One));
        leader.Propose("x");
        cluster.Settle();
        Assert.True(leader.IsLeader);
        Assert.DoesNotContain("x", leader.Applied); // 1 and 2 have it, but 1 is no voter any more
        cluster.Heal();
        cluster.Tick();
        Assert.False(leader.IsLeader);
        TestNode successor = cluster.Nodes.Single(node => node.IsLeader);
        Assert.Equal(term + 1, successor.Status.HardState.Term); // by hand-over: nobody's timer ran out
        Assert.Contains("x", successor.Applied);
        Assert.Equal(Configuration.Of([new RaftId(2), Three]), successor.Status.Configuration);
    }

    [Fact, Trap("35")]
    public void A_leader_that_was_removed_falls_silent()
    {
        // It must not go on sending heartbeats for ever.
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Change(1, ConfigChange.Remove(One));
        cluster.Tick();
        Assert.False(leader.IsLeader);
        leader.Outbox.Clear();
        leader.Tick(200);
        Assert.Empty(leader.Outbox);
    }

    [Fact]
    public void A_removed_leader_that_forgot_that_its_removal_was_committed_asks_once_and_is_told()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Change(1, ConfigChange.Remove(One));
        cluster.Tick();
        TestNode successor = cluster.Nodes.Single(node => node.IsLeader);
        leader.Crash();
        Assert.True(leader.ConfigIndex > leader.Status.HardState.Commit, "a commit index isn't synced for its own sake");
        cluster.Tick(100);
        Assert.True(successor.IsLeader);
        leader.Outbox.Clear();
        leader.Tick(200);
        Assert.Empty(leader.Outbox);
    }

    [Fact]
    public void A_leader_that_alone_holds_its_own_removal_can_be_elected_again_to_see_it_through()
    {
        // Two voters; 1 appends that it is none any more, and steps down before 2 has that. By its log 2 can't win, so 1 must campaign, without its own vote.
        var cluster = new TestCluster(2);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(2);
        leader.ProposeConfig(ConfigChange.Remove(One));
        leader.Crash();
        Assert.Equal("voters=(2)", leader.Status.Configuration.ToString());
        cluster.Heal();
        cluster.Tick(100);
        Assert.True(cluster[2].IsLeader);
        Assert.False(leader.IsLeader);
        Assert.Equal("voters=(2)", cluster[2].Status.Configuration.ToString());
    }

    [Fact]
    public void A_leader_that_was_removed_steps_down_also_when_its_successor_never_hears_of_it()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        cluster.Change(1, ConfigChange.Remove(One));
        Assert.False(leader.IsLeader);
        cluster.Tick(60);
        Assert.Contains(cluster.Nodes, node => node.IsLeader && node != leader);
    }

    [Fact]
    public void A_removed_leader_hands_over_to_whoever_has_most_of_the_log()
    {
        var cluster = new TestCluster(5);
        cluster.Elect(1);
        cluster.Isolate(2);
        cluster.Change(1, ConfigChange.Remove(One));
        Assert.False(cluster[1].IsLeader);
        Assert.True(cluster[3].IsLeader);
    }

    [Fact]
    public void A_removed_leader_whose_successor_stays_behind_steps_down_after_an_election_timeout()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.ProposeConfig(ConfigChange.Remove(One));
        // Everybody gets the change, nobody what comes after it.
        List<Message> change = cluster.TakeMessages();
        leader.Propose("x");
        cluster.TakeMessages();
        cluster.Drop = m => m.From == One;
        foreach (Message message in change)
            cluster[(int)message.To.Value].Step(message);
        cluster.Settle();
        Assert.True(leader.IsLeader);
        Assert.False(leader.Status.TransferTarget.IsNone);
        for (int i = 0; i < 11; i++)
            leader.Tick();
        Assert.False(leader.IsLeader);
    }

    [Fact]
    public void A_leader_that_becomes_a_learner_hands_over_and_follows()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Change(1, ConfigChange.Demote(One));
        cluster.Tick(2);
        TestNode successor = cluster.Nodes.Single(node => node.IsLeader);
        successor.Propose("x");
        cluster.Settle();
        Assert.NotEqual(One, successor.Id);
        Assert.Contains("x", cluster[1].Applied);
    }

    [Fact]
    public void A_removed_member_that_is_there_learns_of_it()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Change(1, ConfigChange.Remove(Three));
        Assert.False(cluster[3].Status.Configuration.IsMember(Three));
        Assert.Equal(cluster[1].Status.HardState.Commit, cluster[3].Status.HardState.Commit);
        cluster[1].Propose("x");
        cluster.Settle();
        Assert.DoesNotContain("x", cluster[3].Applied);
    }

    [Theory, Trap("13")]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_removed_node_that_does_not_know_disturbs_nobody_and_is_told_to_stop(bool preVote, bool checkQuorum)
    {
        var cluster = new TestCluster(3, config => config with { PreVote = preVote, CheckQuorum = checkQuorum });
        TestNode leader = cluster.Elect(1);
        ulong term = leader.Status.HardState.Term;
        cluster.Isolate(3);
        cluster.Change(1, ConfigChange.Remove(Three));
        leader.Propose("x");
        cluster.Tick(3);
        cluster.Heal();
        int requests = 0;
        cluster.Drop = m =>
        {
            requests += m.From == Three ? 1 : 0;
            return false;
        };
        cluster.Tick(200);
        Assert.True(leader.IsLeader);
        Assert.Equal(term, leader.Status.HardState.Term);
        Assert.Equal(2, requests); // one round, to the two members that it knew of
        Assert.Equal(RaftRole.Follower, cluster[3].Status.Role);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_removed_node_that_is_added_again_campaigns_again(bool preVoteAndCheckQuorum)
    {
        var cluster = new TestCluster(3, config => config with { PreVote = preVoteAndCheckQuorum, CheckQuorum = preVoteAndCheckQuorum });
        cluster.Elect(1);
        cluster.Isolate(3);
        for (int i = 0; i < 30; i++)
            cluster[3].Tick();
        cluster.TakeMessages();
        cluster.Change(1, ConfigChange.Remove(Three));
        cluster.Heal();
        cluster[3].Tick(30);
        cluster.Settle();
        // Its term may be ahead: its leader must learn of that, although it neither votes nor campaigns.
        cluster.Change(1, ConfigChange.AddLearner(Three, promoteWhenCaughtUp: true));
        cluster.Tick(60);
        Assert.True(cluster[3].Status.Configuration.IsVoter(Three));
        Assert.False(cluster[3].IsLeader);
        cluster.TakeMessages();
        for (int i = 0; i < 30; i++)
            cluster[3].Tick();
        Assert.Contains(cluster[3].Outbox, m => m.Kind is MessageKind.PreVote or MessageKind.Vote);
    }

    [Fact]
    public void A_request_is_judged_by_its_log_and_not_by_what_its_receiver_knows_of_the_members()
    {
        // Node 4 was added while 3 was cut off; with 1 gone, 4 needs the vote of 3, which never heard of it.
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.Isolate(3);
        cluster.Change(1, ConfigChange.AddLearner(new RaftId(4), promoteWhenCaughtUp: true));
        cluster.Tick(3);
        Assert.True(cluster[4].Status.Configuration.IsVoter(new RaftId(4)));
        Assert.False(cluster[3].Status.Configuration.IsMember(new RaftId(4)));
        cluster.TakeMessages();
        cluster.ConnectOnly(2, 3, 4);
        cluster.ElectAfter(4, ticks: 12);
    }

    [Fact]
    public void A_late_word_of_removal_is_ignored_by_whoever_has_caught_up_since()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[1].Propose("x");
        cluster.Tick(2);
        cluster[3].Step(new Message { Kind = MessageKind.Removed, From = new RaftId(2), To = Three, Term = 1, Log = cluster[3].Status.Last });
        cluster.Isolate(3);
        cluster[3].Tick(30);
        Assert.Contains(cluster[3].Outbox, m => m.Kind == MessageKind.PreVote);
    }
}
