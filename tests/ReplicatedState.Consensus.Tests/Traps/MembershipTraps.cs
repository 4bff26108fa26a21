using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class MembershipTraps(ITestOutputHelper output) : TrapTests(output)
{
    private static readonly ConfigChange Exchange = new(
        [new MemberChange(Id(2), MemberRole.None), new MemberChange(Id(3), MemberRole.None), new MemberChange(Id(4), MemberRole.Voter), new MemberChange(Id(5), MemberRole.Voter)],
        ConfigTransition.JointUntilLeft);

    [Fact, Trap("45", CoreMutant.ChangeBeforeCommitInTerm)]
    public void Two_leaders_that_change_one_voter_each_leave_no_majority_that_knows_nothing_of_the_other() => Play(mutant =>
    {
        // Ongaro's schedule: 1 adds 5 and reaches nobody else; 2, elected without it, removes 1; then 1 comes back.
        var cluster = new TestCluster(4, config => config with { PreVote = false, CheckQuorum = false, MayAddVotersUnseen = true, Mutant = mutant });
        cluster.AddEmpty(5);
        TestNode first = cluster.Elect(1);
        cluster.ConnectOnly(1, 5);
        first.ProposeConfig(ConfigChange.Promote(Id(5)));
        cluster.Settle();

        cluster.Drop = m => m.Kind == MessageKind.Append || m.From.Value is 1 or 5 || m.To.Value is 1 or 5;
        TestNode second = cluster.Elect(2);
        second.ProposeConfig(ConfigChange.Remove(Id(1)));
        cluster.ConnectOnly(2, 3);
        cluster.Tick(2);
        bool isCommitted = second.Status.HardState.Commit == second.Status.Last.Index;

        first.Crash();
        cluster.ConnectOnly(1, 4, 5);
        for (int i = 0; i < 3; i++)
        {
            first.Core.Campaign();
            first.Pump();
            cluster.Settle();
        }

        Assert.False(isCommitted && first.IsLeader, "a leader that lacks what 2 and 3 have committed");
    });

    [Fact, Trap("M1", CoreMutant.ChangeBeforePreviousCommitted)]
    public void A_minority_does_not_become_a_majority_by_removing_one_after_the_other() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant, nodes: 5);
        TestNode leader = cluster.Elect(1);
        cluster.ConnectOnly(1, 2);
        foreach (int other in (int[])[3, 4, 5])
        {
            leader.ProposeConfig(ConfigChange.Remove(Id(other)));
            cluster.Settle();
        }

        leader.Propose("minority");
        cluster.Settle();
        Assert.DoesNotContain("minority", leader.Applied);
    });

    [Fact, Trap("14", CoreMutant.OutgoingVotersIgnoredInCommits)]
    public void Incoming_voters_commit_nothing_without_the_outgoing_ones() => Play(mutant =>
    {
        TestCluster cluster = Joint(mutant);
        cluster.ConnectOnly(1, 4, 5);
        cluster[1].Propose("x");
        cluster.Settle();
        Assert.DoesNotContain("x", cluster[1].Applied);
    });

    [Fact, Trap("14", CoreMutant.OutgoingVotersIgnoredInElections)]
    public void Incoming_voters_elect_nobody_without_the_outgoing_ones() => Play(mutant =>
    {
        TestCluster cluster = Joint(mutant);
        cluster.ConnectOnly(4, 5);
        cluster[4].Core.Campaign();
        cluster[4].Pump();
        cluster.Settle();
        Assert.False(cluster[4].IsLeader);
    });

    [Fact, Trap("48", CoreMutant.JointConfigurationLostAtRestart)]
    public void Both_majorities_are_needed_after_a_restart_too() => Play(mutant =>
    {
        TestCluster cluster = Joint(mutant);
        cluster[4].Crash();
        cluster[5].Crash();
        Assert.True(cluster[4].Status.Configuration.IsJoint);
    });

    [Fact, Trap("47", CoreMutant.LeavesJointAgain)]
    public void A_joint_configuration_that_is_being_left_is_not_left_again() => Play(mutant =>
    {
        TestCluster cluster = WithLearners(mutant);
        cluster.Change(1, Exchange with { Transition = ConfigTransition.Joint });
        cluster.Tick(3);
        Assert.Equal(
            ["voters=(1 4 5)&&(1 2 3) autoleave", "voters=(1 4 5)"],
            cluster[1].ConfigEntries().Select(entry => entry.Configuration.ToString()).SkipWhile(configuration => !configuration.EndsWith("autoleave", StringComparison.Ordinal)));
    });

    [Fact, Trap("35", CoreMutant.RemovedLeaderCountsItself)]
    public void A_leader_that_removes_itself_does_not_count_its_own_copy() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(3);
        leader.ProposeConfig(ConfigChange.Remove(Id(1)));
        cluster.Settle();
        Assert.True(leader.Status.HardState.Commit < leader.ConfigIndex, "of the voters that stay, 2 alone has it");
    });

    [Fact, Trap("51", CoreMutant.PromotedUnseen)]
    public void A_learner_that_has_nothing_becomes_no_voter() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Change(1, ConfigChange.AddLearner(Id(3)));
        cluster.AddEmpty(4);
        cluster.Isolate(4);
        cluster.Change(1, ConfigChange.AddLearner(Id(4), promoteWhenCaughtUp: true));
        cluster.Tick(3);
        Assert.False(leader.Status.Configuration.IsVoter(Id(4)));
        Assert.Equal(ConfigRefusal.NotCaughtUp, leader.ProposeConfig(ConfigChange.Promote(Id(4))).Reason);
    });

    [Fact, Trap("S11")]
    public void What_a_removed_member_has_counts_for_nothing()
    {
        // Four voters become three; with the removed one's copy the leader's would be two of three.
        TestCluster cluster = Plain(CoreMutant.None, nodes: 4);
        TestNode leader = cluster.Elect(1);
        cluster.Change(1, ConfigChange.Remove(Id(4)));
        Assert.Null(leader.Core.ProgressOf(Id(4)));
        cluster.ConnectOnly(1);
        LogPosition own = new(leader.Propose("x").FirstIndex, leader.Status.HardState.Term);
        leader.Step(new Message { Kind = MessageKind.AppendResponse, From = Id(4), To = Id(1), Term = own.Term, Log = new LogPosition(own.Index, 0) });
        Assert.DoesNotContain("x", leader.Applied);
    }

    /// <summary>1, 2 and 3 are being replaced by 1, 4 and 5.</summary>
    private static TestCluster Joint(CoreMutant mutant)
    {
        TestCluster cluster = WithLearners(mutant);
        cluster.Change(1, Exchange);
        Assert.Equal("voters=(1 4 5)&&(1 2 3)", cluster[4].Status.Configuration.ToString());
        return cluster;
    }

    private static TestCluster WithLearners(CoreMutant mutant)
    {
        TestCluster cluster = Plain(mutant);
        cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.AddEmpty(5);
        cluster.Change(1, new ConfigChange([new MemberChange(Id(4), MemberRole.Learner), new MemberChange(Id(5), MemberRole.Learner)]));
        cluster.Tick(2);
        return cluster;
    }
}
