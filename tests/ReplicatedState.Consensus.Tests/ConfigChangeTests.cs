using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class ConfigChangeTests
{
    private static readonly RaftId Two = new(2);
    private static readonly RaftId Three = new(3);
    private static readonly RaftId Four = new(4);

    [Fact]
    public void Only_a_leader_changes_the_members()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        ConfigResult result = cluster[2].ProposeConfig(ConfigChange.Remove(Three));
        Assert.Equal((ConfigOutcome.NotLeader, new RaftId(1)), (result.Outcome, result.Leader));
    }

    [Fact, Trap("49")]
    public void A_change_is_in_force_when_it_is_appended_and_undone_when_another_leader_truncates_it()
    {
        // A membership kept beside the log outlives the entry that it came from.
        var cluster = new TestCluster(3);
        TestNode old = cluster.Elect(1);
        cluster.AddEmpty(4);
        Configuration before = old.Status.Configuration;
        cluster.Isolate(1);
        Assert.Equal(ConfigOutcome.Accepted, old.ProposeConfig(ConfigChange.AddLearner(Four)).Outcome);
        Assert.True(old.Status.Configuration.IsMember(Four));
        cluster.ElectAfter(2, ticks: 12);
        cluster.Heal();
        cluster[2].Propose("x");
        cluster.Tick(3);
        Assert.False(old.IsLeader);
        Assert.Equal(before, old.Status.Configuration);
        Assert.Contains("x", old.Applied);
        old.Crash();
        Assert.Equal(before, old.Status.Configuration);
    }

    [Fact, Trap("52")]
    public void Of_two_changes_made_for_the_same_configuration_one_is_accepted()
    {
        var cluster = new TestCluster(5);
        TestNode leader = cluster.Elect(1);
        ulong index = leader.ConfigIndex;
        ConfigResult first = leader.ProposeConfig(new ConfigChange([new MemberChange(Two, MemberRole.Learner), new MemberChange(Three, MemberRole.None)]), index);
        ConfigResult second = leader.ProposeConfig(ConfigChange.Remove(Four), index);
        Assert.Equal(ConfigOutcome.Accepted, first.Outcome);
        Assert.Equal((ConfigOutcome.Refused, ConfigRefusal.OutdatedIndex, first.ConfigIndex), (second.Outcome, second.Reason, second.ConfigIndex));
        Assert.Equal(ConfigRefusal.PreviousUncommitted, leader.ProposeConfig(ConfigChange.Remove(Four), second.ConfigIndex).Reason);
        cluster.Settle();
        Assert.False(leader.Status.Configuration.IsJoint);
        Assert.Equal("voters=(1 4 5) learners=(2)", leader.Status.Configuration.ToString());
        Assert.Equal(ConfigOutcome.Accepted, leader.ProposeConfig(ConfigChange.Remove(Four)).Outcome);
    }

    [Fact]
    public void Nothing_is_changed_before_an_entry_of_the_own_term_is_committed()
    {
        var cluster = new TestCluster(3);
        cluster.Drop = m => m.Kind == MessageKind.Append;
        TestNode leader = cluster.Elect(1);
        Assert.Equal(ConfigRefusal.NothingCommittedInTerm, leader.ProposeConfig(ConfigChange.Remove(Three)).Reason);
        cluster.Heal();
        cluster.Tick(2);
        Assert.Equal(ConfigOutcome.Accepted, leader.ProposeConfig(ConfigChange.Remove(Three)).Outcome);
    }

    [Fact, Trap("50")]
    public void Nothing_is_changed_while_leadership_is_being_handed_over()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(Two);
        leader.Pump();
        Assert.Equal(ConfigRefusal.LeadershipTransfer, leader.ProposeConfig(ConfigChange.Remove(Three)).Reason);
    }

    [Fact]
    public void A_change_that_changes_nothing_is_refused()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        Assert.Equal(ConfigRefusal.NothingToChange, leader.ProposeConfig(ConfigChange.Promote(Two)).Reason);
        Assert.Equal(ConfigRefusal.NothingToChange, leader.ProposeConfig(ConfigChange.Remove(new RaftId(9))).Reason);
        Assert.Equal(ConfigRefusal.NothingToChange, leader.ProposeConfig(default).Reason);
        Assert.Equal(ConfigRefusal.NotJoint, leader.ProposeConfig(ConfigChange.Leave).Reason);
    }

    [Fact]
    public void The_last_voter_is_not_removed()
    {
        var cluster = new TestCluster(1);
        TestNode leader = cluster.Elect(1);
        Assert.Equal(ConfigRefusal.NoVoters, leader.ProposeConfig(ConfigChange.Remove(leader.Id)).Reason);
        Assert.Equal(ConfigRefusal.NoVoters, leader.ProposeConfig(ConfigChange.Demote(leader.Id)).Reason);
    }

    [Fact]
    public void A_smaller_quorum_commits_what_the_larger_one_still_waited_for()
    {
        var cluster = new TestCluster(4);
        TestNode leader = cluster.Elect(1);
        cluster.ConnectOnly(1, 2);
        leader.Propose("x");
        cluster.Settle();
        Assert.DoesNotContain("x", leader.Applied);
        leader.DiskIsSlow = true; // the change itself is committed later
        Assert.Equal(ConfigOutcome.Accepted, leader.ProposeConfig(ConfigChange.Remove(Four)).Outcome);
        Assert.Contains("x", leader.Applied);
    }

    [Fact, Trap("46")]
    public void A_candidate_asks_the_voters_of_a_configuration_that_is_not_committed_yet()
    {
        // A configuration that counts only when it is applied leaves a majority of yesterday.
        var cluster = new TestCluster(3, config => config with { PreVote = false, CheckQuorum = false, MayAddVotersUnseen = true });
        cluster.AddEmpty(4);
        cluster.Elect(1);
        cluster.ConnectOnly(1, 2);
        cluster[1].ProposeConfig(ConfigChange.Promote(Four));
        cluster.Settle();
        Assert.True(cluster[2].ConfigIndex > cluster[2].Status.HardState.Commit);
        cluster.ConnectOnly(2, 3);
        cluster[2].Core.Campaign();
        cluster[2].Pump();
        Assert.Contains(cluster[2].Outbox, m => m.Kind == MessageKind.Vote && m.To == Four);
        cluster.Settle();
        Assert.False(cluster[2].IsLeader);
        cluster.ConnectOnly(2, 3, 4);
        cluster[2].Core.Campaign();
        cluster[2].Pump();
        cluster.Settle();
        Assert.True(cluster[2].IsLeader);
    }

    [Fact, Trap("32")]
    public void Changes_leave_nothing_behind_in_the_count_of_uncommitted_bytes()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Propose("x");
        cluster.Change(1, new ConfigChange([new MemberChange(Two, MemberRole.Learner)], ConfigTransition.Joint));
        leader.Propose("y");
        leader.ProposeConfig(ConfigChange.Promote(Two), expectedConfigIndex: 1);
        cluster.Settle();
        Assert.Equal(0, leader.Status.UncommittedBytes);
    }
}
