using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class JointConsensusTests
{
    private static readonly RaftId One = new(1);
    private static readonly RaftId Two = new(2);
    private static readonly RaftId Three = new(3);
    private static readonly RaftId Four = new(4);
    private static readonly RaftId Five = new(5);

    private static readonly ConfigChange Exchange = new(
        [new MemberChange(Two, MemberRole.None), new MemberChange(Three, MemberRole.None), new MemberChange(Four, MemberRole.Voter), new MemberChange(Five, MemberRole.Voter)],
        ConfigTransition.JointUntilLeft);

    [Fact]
    public void Both_majorities_are_needed_to_commit_and_to_be_elected()
    {
        TestCluster cluster = WithLearners();
        cluster.Change(1, Exchange);
        Assert.Equal("voters=(1 4 5)&&(1 2 3)", cluster[1].Status.Configuration.ToString());
        cluster.ConnectOnly(1, 4, 5);
        cluster[1].Propose("x");
        cluster.Settle();
        Assert.DoesNotContain("x", cluster[1].Applied);
        cluster.ConnectOnly(1, 2, 3);
        cluster.Tick(2);
        Assert.Contains("x", cluster[1].Applied);
        cluster[1].Propose("y");
        cluster.Settle();
        Assert.DoesNotContain("y", cluster[1].Applied);
        cluster.ConnectOnly(1, 4);
        cluster.Tick(2);
        Assert.Contains("y", cluster[1].Applied);
        cluster[4].Core.ForgetLeader();
        cluster[5].Core.ForgetLeader();
        cluster.ConnectOnly(4, 5);
        cluster[4].Core.Campaign();
        cluster[4].Pump();
        cluster.Settle();
        Assert.False(cluster[4].IsLeader);
        cluster[2].Core.ForgetLeader();
        cluster[3].Core.ForgetLeader();
        cluster.ConnectOnly(2, 3, 4, 5);
        cluster[4].Core.Campaign();
        cluster[4].Pump();
        cluster.Settle();
        Assert.True(cluster[4].IsLeader);
    }

    [Fact, Trap("48")]
    public void A_joint_configuration_survives_a_restart()
    {
        TestCluster cluster = WithLearners();
        cluster.Change(1, Exchange);
        Configuration joint = cluster[1].Status.Configuration;
        foreach (TestNode node in cluster.Nodes)
        {
            node.Crash();
            Assert.Equal(joint, node.Status.Configuration);
        }

        cluster.ConnectOnly(1, 4, 5);
        cluster[1].Core.Campaign();
        cluster[1].Pump();
        cluster.Settle();
        Assert.False(cluster[1].IsLeader);
    }

    [Fact, Trap("48")]
    public void A_joint_configuration_survives_in_a_snapshot()
    {
        TestCluster cluster = WithLearners();
        cluster.Change(1, Exchange);
        Configuration joint = cluster[1].Status.Configuration;
        var snapshot = new SnapshotMeta(cluster[1].Status.Last.Index, cluster[1].Status.Last.Term, joint, cluster[1].ConfigIndex, 1);
        TestNode late = cluster.AddEmpty(6);
        late.Step(new Message { Kind = MessageKind.Snapshot, From = One, To = late.Id, Term = snapshot.Term, Snapshot = snapshot });
        Assert.True(late.Core.OnSnapshotReceived(One, snapshot));
        late.Pump();
        Assert.Equal(joint, late.Status.Configuration);
        late.Crash();
        Assert.Equal(joint, late.Status.Configuration);
        Assert.Equal(snapshot.ConfigIndex, late.ConfigIndex);
    }

    [Fact, Trap("47")]
    public void A_leader_leaves_a_joint_configuration_by_itself_and_once()
    {
        // Every entry committed in the joint configuration used to propose leaving it again.
        TestCluster cluster = WithLearners();
        cluster.ConnectOnly(1, 4, 5);
        Assert.Equal(ConfigOutcome.Accepted, cluster[1].ProposeConfig(Exchange with { Transition = ConfigTransition.Joint }).Outcome);
        cluster[1].Propose("x");
        cluster[1].Propose("y");
        cluster.Settle();
        Assert.True(cluster[1].Status.Configuration.IsJoint);
        cluster.Heal();
        cluster.Tick(3);
        cluster[1].Propose("z");
        cluster.Settle();
        Assert.Equal(["voters=(1 4 5)&&(1 2 3) autoleave", "voters=(1 4 5)"], cluster[1].ConfigEntries().TakeLast(2).Select(entry => entry.Configuration.ToString()));
        Assert.Equal(4, cluster[4].ConfigEntries().Count()); // formation, the learners, and these two
        Assert.Contains("z", cluster[5].Applied);
    }

    [Fact]
    public void A_new_leader_leaves_what_its_predecessor_entered()
    {
        TestCluster cluster = WithLearners();
        // The others get the joint configuration; its leader never hears so, and doesn't leave it.
        cluster.Drop = m => m.To == One;
        Assert.Equal(ConfigOutcome.Accepted, cluster[1].ProposeConfig(Exchange with { Transition = ConfigTransition.Joint }).Outcome);
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.True(node.Status.Configuration.IsJoint));
        cluster.Isolate(1);
        foreach (TestNode node in cluster.Nodes)
            node.Core.ForgetLeader();
        cluster.Elect(4);
        Assert.Equal("voters=(1 4 5)", cluster[4].Status.Configuration.ToString());
        Assert.Equal(cluster[4].Status.HardState.Commit, cluster[4].Status.Last.Index);
    }

    [Fact]
    public void A_new_leader_leaves_nothing_before_an_entry_of_its_own_term_is_committed()
    {
        TestCluster cluster = WithLearners();
        ulong joint = cluster[1].Status.Last.Index + 1;
        cluster.Drop = m => m.From == One && m.Entries.Length > 0 && m.Log.Index >= joint;
        Assert.Equal(ConfigOutcome.Accepted, cluster[1].ProposeConfig(Exchange with { Transition = ConfigTransition.Joint }).Outcome);
        cluster.Tick(2);
        Assert.Equal(joint, cluster[4].Status.HardState.Commit);
        foreach (TestNode node in cluster.Nodes)
            node.Core.ForgetLeader();
        cluster.Drop = m => m.Kind == MessageKind.Append || m.From == One || m.To == One;
        cluster.Elect(4);
        cluster.Tick(5);
        Assert.True(cluster[4].IsLeader);
        Assert.Equal(joint, cluster[4].ConfigIndex);
        cluster.Isolate(1);
        cluster.Tick(3);
        Assert.Equal("voters=(1 4 5)", cluster[4].Status.Configuration.ToString());
    }

    [Fact]
    public void A_joint_configuration_is_not_left_while_leadership_is_being_handed_over()
    {
        // Its successor would lack the entry that leaves it, and might not be elected for that.
        TestCluster cluster = WithLearners();
        cluster.Drop = m => m.To == One;
        Assert.Equal(ConfigOutcome.Accepted, cluster[1].ProposeConfig(Exchange with { Transition = ConfigTransition.Joint }).Outcome);
        cluster.Settle();
        cluster[1].Core.TransferLeadership(Four);
        cluster[1].Pump();
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow || (m.From == Five && m.To == One);
        cluster.Tick(3);
        Assert.Equal((cluster[1].ConfigIndex, Four), (cluster[1].Status.HardState.Commit, cluster[1].Status.TransferTarget));
        Assert.True(cluster[1].Status.Configuration.IsJoint);
        cluster.Tick(10);
        Assert.Equal("voters=(1 4 5)", cluster[1].Status.Configuration.ToString());
        Assert.True(cluster[1].IsLeader);
    }

    [Fact]
    public void Joint_configurations_are_not_nested_and_are_left_when_asked()
    {
        TestCluster cluster = WithLearners();
        cluster.Change(1, Exchange);
        Assert.Equal(ConfigRefusal.AlreadyJoint, cluster[1].ProposeConfig(ConfigChange.Remove(Five)).Reason);
        Assert.Equal(ConfigRefusal.AlreadyJoint, cluster[1].ProposeConfig(Exchange).Reason);
        cluster[1].Propose("x");
        cluster.Tick(30);
        Assert.True(cluster[1].Status.Configuration.IsJoint);
        cluster.Change(1, ConfigChange.Leave);
        Assert.Equal("voters=(1 4 5)", cluster[1].Status.Configuration.ToString());
    }

    [Fact]
    public void A_voter_that_becomes_a_learner_votes_until_the_joint_configuration_is_left()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Change(1, new ConfigChange([new MemberChange(Two, MemberRole.Learner)], ConfigTransition.JointUntilLeft));
        Assert.Equal("voters=(1 3)&&(1 2 3) learners_next=(2)", cluster[2].Status.Configuration.ToString());
        Assert.True(cluster[2].Status.Configuration.IsVoter(Two));
        cluster.Change(1, ConfigChange.Leave);
        Assert.Equal("voters=(1 3) learners=(2)", cluster[2].Status.Configuration.ToString());
        Assert.Equal(cluster[1].Status.Last.Index, cluster[1].Core.ProgressOf(Two)!.Value.Match);
    }

    [Fact, Trap("53")]
    public void A_wiped_node_comes_back_under_its_new_id_in_the_place_of_the_old_one()
    {
        // The old id never votes again, and the group never has less than three voters.
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Isolate(3);
        cluster.AddEmpty(33);
        cluster.Change(1, ConfigChange.AddLearner(new RaftId(33)));
        cluster.Tick(2);
        cluster.Change(1, ConfigChange.Replace(Three, new RaftId(33)));
        Assert.Equal(Configuration.Of([One, Two, new RaftId(33)]), cluster[33].Status.Configuration);
        Assert.Contains(cluster[33].ConfigEntries(), entry => entry.Configuration.IsJoint);
    }

    private static TestCluster WithLearners()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.AddEmpty(4);
        cluster.AddEmpty(5);
        cluster.Change(1, new ConfigChange([new MemberChange(Four, MemberRole.Learner), new MemberChange(Five, MemberRole.Learner)]));
        cluster.Tick(2);
        return cluster;
    }
}
