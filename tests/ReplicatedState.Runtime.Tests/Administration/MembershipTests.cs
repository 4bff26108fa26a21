using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Administration;

public sealed class MembershipTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_node_joins_every_group_whichever_node_is_asked(bool askLeader)
    {
        TestCluster cluster = TestCluster.Formed(3);
        Add(cluster, "a", 5);
        TestNode newcomer = cluster.AddNewcomer();
        newcomer.Start();
        TestNode asked = cluster.Nodes.First(node => node != newcomer && node.Leads(SystemMachine.MachineName) == askLeader);
        Done(cluster, asked.Administer(AdministrationAction.AddMember, newcomer.Name));

        Assert.Equal(4, VotersOf(cluster, TestCluster.Machine));
        Assert.Equal(4, VotersOf(cluster, SystemMachine.MachineName));
        Assert.Equal(NodeState.Running, newcomer.Running!.Status.State);
        Add(cluster, "a", 6);
        cluster.AssertReplicasBecomeEqual();

        // It counts: with one founder gone, the newcomer is needed for a majority.
        cluster.Nodes.First(node => node != newcomer && !node.Leads()).Kill();
        Add(cluster, "a", 7);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_learner_follows_without_a_vote_until_it_is_promoted()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode newcomer = cluster.AddNewcomer();
        newcomer.Start();
        Done(cluster, cluster.Leader.Administer(AdministrationAction.AddMember, newcomer.Name, asLearner: true));
        Assert.Equal(3, VotersOf(cluster, TestCluster.Machine));
        Add(cluster, "a", 5);
        cluster.AssertReplicasBecomeEqual();
        Done(cluster, cluster.Leader.Administer(AdministrationAction.PromoteMember, newcomer.Name));
        Assert.Equal(4, VotersOf(cluster, TestCluster.Machine));
        Assert.Equal(4, VotersOf(cluster, SystemMachine.MachineName));
    }

    [Fact]
    public void A_node_that_comes_late_gets_what_the_log_no_longer_holds_as_a_snapshot()
    {
        TestCluster cluster = TestCluster.Formed(3, raft: TestCluster.Raft with { SnapshotThreshold = 50, TrailingLogs = 10 });
        for (int i = 0; i < 300; i++)
            Add(cluster, "k" + (i % 7), 1);
        cluster.RunUntil(() => cluster.Leader.Group()!.FirstIndex > 100);
        TestNode newcomer = cluster.AddNewcomer();
        newcomer.Start();
        Done(cluster, cluster.Leader.Administer(AdministrationAction.AddMember, newcomer.Name));
        cluster.AssertReplicasBecomeEqual();
        Assert.True(newcomer.Group()!.SnapshotIndex > 0, "the newcomer began with a snapshot");
    }

    [Fact]
    public void A_removed_member_leaves_every_group_is_forgotten_and_is_told_so()
    {
        TestCluster cluster = TestCluster.Formed(4);
        TestNode removed = cluster.Nodes.First(node => !node.Leads() && !node.Leads(SystemMachine.MachineName));
        Done(cluster, cluster.Leader.Administer(AdministrationAction.RemoveMember, removed.Name));
        Assert.Equal(3, VotersOf(cluster, TestCluster.Machine));
        cluster.RunUntil(() => cluster.Leader.Running!.Status.Members.All(member => member.Name != removed.Name));

        ulong term = cluster.Leader.Group()!.Term;
        cluster.RunFor(5_000);
        Assert.Equal(term, cluster.Leader.Group()!.Term);
        Add(cluster, "a", 1);
        removed.Kill();
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_leader_that_is_removed_hands_over_first()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Done(cluster, cluster.Nodes[0].Administer(AdministrationAction.TransferLeadership, "n1"));
        Done(cluster, cluster.Nodes[0].Administer(AdministrationAction.TransferLeadership, "n1", group: SystemMachine.MachineName));
        Add(cluster, "a", 1);
        Done(cluster, cluster.Nodes[0].Administer(AdministrationAction.RemoveMember, "n1"));
        cluster.Nodes[0].Kill();
        cluster.RunUntil(() => cluster.IsSettled);
        Assert.Equal(2, VotersOf(cluster, TestCluster.Machine));
        Assert.Equal(2, VotersOf(cluster, SystemMachine.MachineName));
        Add(cluster, "a", 1);
    }

    [Fact]
    public void A_wiped_node_is_readmitted_under_its_name_with_the_id_of_its_new_directory()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Add(cluster, "a", 5);
        TestNode wiped = cluster.Nodes.First(node => !node.Leads() && !node.Leads(SystemMachine.MachineName));
        RaftId before = wiped.Running!.Status.Identity!.RaftId;
        wiped.Kill();
        wiped.Wipe();
        wiped.Start();
        Assert.NotEqual(before, wiped.Running!.Status.Identity!.RaftId);
        Done(cluster, cluster.Leader.Administer(AdministrationAction.ReplaceMember, wiped.Name));

        GroupStatus group = cluster.Leader.Group()!;
        Assert.Equal(3, group.CommittedConfiguration.Voters.Length);
        Assert.DoesNotContain(before, group.CommittedConfiguration.Members());
        Add(cluster, "a", 6);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_member_that_missed_a_readmission_follows_the_readmitted_node_when_that_leads()
    {
        TestCluster cluster = TestCluster.Formed(5);
        TestNode[] followers = [.. cluster.Nodes.Where(node => !node.Leads() && !node.Leads(SystemMachine.MachineName))];
        (TestNode behind, TestNode wiped) = (followers[0], followers[1]);
        behind.Kill();
        wiped.Kill();
        wiped.Wipe();
        wiped.Start();
        Done(cluster, cluster.Leader.Administer(AdministrationAction.ReplaceMember, wiped.Name));
        Done(cluster, wiped.Administer(AdministrationAction.TransferLeadership, wiped.Name));
        Done(cluster, wiped.Administer(AdministrationAction.TransferLeadership, wiped.Name, group: SystemMachine.MachineName));
        Add(cluster, "a", 1);

        behind.Start();
        cluster.AssertReplicasBecomeEqual();
        Assert.True(wiped.Leads());
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void An_answer_that_an_earlier_life_waited_for_is_not_taken_for_that_of_a_later_order()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode asked = cluster.Nodes.First(node => !node.Leads(SystemMachine.MachineName));
        asked.Administer(AdministrationAction.AddMember, "ghost", timeoutMs: 3_000);
        cluster.RunFor(300);
        asked.Kill();
        asked.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        TestNode.Order order = asked.Administer(AdministrationAction.AddMember, "phantom", timeoutMs: 8_000);
        cluster.RunFor(5_000);
        Assert.Null(order.Outcome);
        cluster.RunUntil(() => order.Outcome is not null);
        Assert.DoesNotContain("ghost", order.Outcome!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removal_whose_answer_was_lost_is_not_called_a_refusal()
    {
        TestCluster cluster = TestCluster.Formed(4);
        TestNode leader = cluster.Nodes.Single(node => node.Leads(SystemMachine.MachineName));
        TestNode removed = cluster.Nodes.First(node => node != leader && !node.Leads());
        TestNode asked = cluster.Nodes.First(node => node != leader && node != removed);
        TestNode.Order order = asked.Administer(AdministrationAction.RemoveMember, removed.Name);
        cluster.RunUntil(() => VotersIn(leader) == 3);
        cluster.Network.Cut(leader.Address, asked.Address);
        cluster.RunUntil(() => leader.Running!.Status.Members.All(member => member.Name != removed.Name));
        cluster.RunFor(100);
        Assert.Null(order.Outcome);
        cluster.Network.Heal();
        Done(cluster, order);

        static int VotersIn(TestNode node) => node.Group(SystemMachine.MachineName)!.CommittedConfiguration.Voters.Length;
    }

    [Fact]
    public void A_readmission_that_goes_to_a_second_leader_is_not_called_done_before_the_wiped_node_has_come()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Nodes.Single(node => node.Leads(SystemMachine.MachineName));
        TestNode wiped = cluster.Nodes.First(node => node != leader);
        TestNode asked = cluster.Nodes.Single(node => node != leader && node != wiped);
        RaftId before = wiped.Running!.Status.Identity!.RaftId;
        wiped.Kill();
        wiped.Wipe();
        TestNode.Order order = asked.Administer(AdministrationAction.ReplaceMember, wiped.Name);
        cluster.RunFor(200);
        Done(cluster, asked.Administer(AdministrationAction.TransferLeadership, asked.Name, group: SystemMachine.MachineName));
        cluster.RunFor(500);
        Assert.Null(order.Outcome);

        wiped.Start();
        Done(cluster, order);
        Assert.DoesNotContain(before, asked.Group(SystemMachine.MachineName)!.CommittedConfiguration.Members());
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void What_cannot_be_done_is_refused_with_its_reason_and_changes_nothing()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        TestNode follower = cluster.Nodes.First(node => !node.Leads() && !node.Leads(SystemMachine.MachineName));
        Refused(AdministrationRefusal.MemberExists, leader.Administer(AdministrationAction.AddMember, follower.Name));
        Refused(AdministrationRefusal.UnknownMember, leader.Administer(AdministrationAction.RemoveMember, "nobody"));
        Refused(AdministrationRefusal.UnknownMember, leader.Administer(AdministrationAction.PromoteMember, "nobody"));
        Refused(AdministrationRefusal.UnknownMember, leader.Administer(AdministrationAction.TransferLeadership, "nobody"));
        Refused(AdministrationRefusal.UnknownGroup, leader.Administer(AdministrationAction.TransferLeadership, follower.Name, group: "nothing"));
        Refused(AdministrationRefusal.NodeNotSeen, leader.Administer(AdministrationAction.AddMember, "n9", timeoutMs: 1_000));
        Refused(AdministrationRefusal.NodeNotSeen, leader.Administer(AdministrationAction.ReplaceMember, follower.Name, timeoutMs: 1_000));
        Assert.Equal(3, VotersOf(cluster, TestCluster.Machine));

        void Refused(AdministrationRefusal reason, TestNode.Order order)
        {
            cluster.RunUntil(() => order.Outcome is not null);
            Assert.Equal((AdministrationStatus.Refused, reason), (order.Outcome!.Status, order.Outcome.Reason));
            Assert.NotEmpty(order.Outcome.Message);
        }
    }

    [Fact]
    public void A_removal_that_would_leave_no_reachable_majority_is_refused_unless_it_is_forced()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode down = cluster.Nodes.First(node => !node.Leads() && !node.Leads(SystemMachine.MachineName));
        down.Kill();
        cluster.RunFor(1_000);
        TestNode other = cluster.Nodes.First(node => node.Running is not null && !node.Leads(SystemMachine.MachineName));
        TestNode.Order order = other.Administer(AdministrationAction.RemoveMember, other.Name);
        cluster.RunUntil(() => order.Outcome is not null);
        Assert.Equal(AdministrationRefusal.QuorumAtRisk, order.Outcome!.Reason);
        Done(cluster, other.Administer(AdministrationAction.RemoveMember, down.Name));
        Assert.Equal(2, VotersOf(cluster, TestCluster.Machine));
    }

    [Fact]
    public void A_change_that_its_leader_did_not_live_to_finish_is_finished_by_the_next()
    {
        TestCluster cluster = TestCluster.Formed(5);
        Done(cluster, cluster.Nodes[0].Administer(AdministrationAction.TransferLeadership, "n1"));
        Done(cluster, cluster.Nodes[0].Administer(AdministrationAction.TransferLeadership, "n1", group: SystemMachine.MachineName));
        TestNode newcomer = cluster.AddNewcomer();
        newcomer.Start();
        TestNode asked = cluster.Nodes[1];
        TestNode.Order order = asked.Administer(AdministrationAction.AddMember, newcomer.Name);
        cluster.RunUntil(() => asked.Running!.Status.Members.Any(member => member.Name == newcomer.Name));
        cluster.Nodes[0].Kill();
        Done(cluster, order);
        cluster.RunUntil(() => cluster.IsSettled);
        Assert.Equal(6, VotersOf(cluster, TestCluster.Machine));
        cluster.Nodes[0].Start();
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void Changes_that_are_asked_for_at_the_same_time_are_made_one_after_the_other()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode[] newcomers = [cluster.AddNewcomer(), cluster.AddNewcomer()];
        foreach (TestNode newcomer in newcomers)
            newcomer.Start();
        TestNode.Order[] orders = [.. newcomers.Select((newcomer, i) => cluster.Nodes[i].Administer(AdministrationAction.AddMember, newcomer.Name))];
        foreach (TestNode.Order order in orders)
            Done(cluster, order);
        Assert.Equal(5, VotersOf(cluster, TestCluster.Machine));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void Leadership_goes_to_whom_it_was_ordered_and_the_answer_comes_when_it_is_there()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode target = cluster.Nodes.First(node => !node.Leads());
        TestNode asked = cluster.Nodes.First(node => !node.Leads() && node != target);
        Done(cluster, asked.Administer(AdministrationAction.TransferLeadership, target.Name));
        Assert.True(target.Leads());
        Done(cluster, target.Administer(AdministrationAction.TransferLeadership));
        Assert.False(target.Leads());

        TestCluster alone = TestCluster.Formed(1);
        TestNode.Order order = alone.Leader.Administer(AdministrationAction.TransferLeadership);
        alone.RunUntil(() => order.Outcome is not null);
        Assert.Equal(AdministrationRefusal.NoEligibleVoter, order.Outcome!.Reason);
    }

    [Fact]
    public void A_snapshot_that_was_ordered_is_there_when_the_answer_comes()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Add(cluster, "a", 5);
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        cluster.AssertReplicasBecomeEqual();
        TestNode.Order order = follower.Administer(AdministrationAction.TakeSnapshot);
        Done(cluster, order);
        Assert.Equal(follower.Group()!.SnapshotIndex, order.Outcome!.Index);
        Assert.True(order.Outcome.Index > 0, "the snapshot has an index");
    }

    [Fact]
    public void Every_order_ends_when_its_node_stops()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode asked = cluster.Nodes.First(node => !node.Leads());
        TestNode.Order[] orders = [.. Enumerable.Range(0, 5).Select(_ => asked.Administer(AdministrationAction.AddMember, "n9"))];
        cluster.RunFor(100);
        asked.Kill();
        Assert.All(orders, order => Assert.Equal((AdministrationStatus.NodeStopped, 1), (order.Outcome!.Status, order.Completions)));
    }

    private static void Add(TestCluster cluster, string key, long amount)
    {
        cluster.RunUntil(() => cluster.HasOneLeader);
        TestCall call = cluster.Leader.Command(Tally.Add(key, amount));
        cluster.RunUntil(() => call.IsComplete);
        Assert.Equal(ReplyStatus.Ok, call.Status);
    }

    private static void Done(TestCluster cluster, TestNode.Order order)
    {
        cluster.RunUntil(() => order.Outcome is not null);
        Assert.Equal((AdministrationStatus.Done, order.Outcome!.Message, 1), (order.Outcome.Status, order.Outcome.Message, order.Completions));
    }

    private static int VotersOf(TestCluster cluster, string group)
    {
        cluster.RunUntil(() => cluster.Nodes.Count(node => node.Running is not null && node.Leads(group)) == 1);
        return cluster.Nodes.Single(node => node.Running is not null && node.Leads(group)).Group(group)!.CommittedConfiguration.Voters.Length;
    }
}
