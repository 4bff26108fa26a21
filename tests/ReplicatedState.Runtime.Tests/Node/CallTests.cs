using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class CallTests
{
    [Fact]
    public void A_command_that_no_quorum_can_take_ends_as_unknown_at_its_deadline()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        Isolate(cluster, leader);
        TestCall call = leader.Command(Tally.Add("a", 1), deadlineMs: cluster.Clock.MonotonicMs + 40);
        cluster.RunUntil(() => call.IsComplete, withinMs: 60);
        Assert.Equal(ReplyStatus.OutcomeUnknown, call.Status);
    }

    [Fact]
    public void A_leader_that_lost_its_quorum_leaves_nobody_waiting()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        Isolate(cluster, leader);
        TestCall command = leader.Command(Tally.Add("a", 1));
        TestCall query = leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => command.IsComplete && query.IsComplete, withinMs: 1000);
        Assert.Equal(ReplyStatus.OutcomeUnknown, command.Status);
        Assert.Equal(ReplyStatus.NoLeader, query.Status);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_command_whose_entry_another_leader_overwrote_is_known_not_to_have_been_executed()
    {
        // Long timeouts for whoever lost the leadership, so that the old leader still has its callers when the new one's entries arrive.
        TestCluster cluster = TestCluster.Formed(3, raft: TestCluster.Raft with { CheckQuorum = false, PreVote = false });
        TestNode old = cluster.Leader;
        Isolate(cluster, old);
        TestCall lost = old.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => cluster.Nodes.Any(node => node != old && node.Leads()));
        TestNode leader = cluster.Nodes.Single(node => node != old && node.Leads());
        TestCall kept = leader.Command(Tally.Add("a", 10));
        cluster.RunUntil(() => kept.IsComplete);
        Assert.False(lost.IsComplete);
        cluster.Network.Heal();
        cluster.RunUntil(() => lost.IsComplete);
        Assert.Equal(ReplyStatus.NotLeader, lost.Status);
        Assert.Equal(leader.Name, lost.LeaderName);
        cluster.AssertReplicasBecomeEqual();
        TestCall total = leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => total.IsComplete);
        Assert.Equal(10, total.Number);
    }

    [Fact]
    public void Every_call_ends_when_the_node_stops()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        Isolate(cluster, leader);
        TestCall proposed = leader.Command(Tally.Add("a", 1));
        TestCall asked = leader.Query(Tally.TotalOf("a"));
        cluster.Scheduler.RunUntilIdle();
        TestCall waiting = leader.Command(Tally.Add("a", 2));
        ReplicatedNode node = leader.Running!;
        leader.Kill();
        Assert.Equal(ReplyStatus.OutcomeUnknown, proposed.Status);
        Assert.Equal(ReplyStatus.NodeStopped, asked.Status);
        Assert.Equal(ReplyStatus.NodeStopped, waiting.Status);
        var late = new TestCall { Kind = Requests.RequestKind.Query };
        node.Submit(late);
        Assert.Equal(ReplyStatus.NodeStopped, late.Status);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void More_calls_than_may_wait_are_refused_at_once()
    {
        var cluster = new TestCluster(3);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Options = node.Options with { PendingRequestsMax = 4 };
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        TestCall[] calls = [.. Enumerable.Range(0, 6).Select(_ => cluster.Leader.Command(Tally.Add("a", 1)))];
        Assert.All(calls[4..], call => Assert.Equal(ReplyStatus.Overloaded, call.Status));
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        Assert.All(calls[..4], call => Assert.Equal(ReplyStatus.Ok, call.Status));
        TestCall after = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => after.IsComplete);
        Assert.Equal(ReplyStatus.Ok, after.Status);
    }

    [Fact]
    public void What_can_never_be_replicated_is_refused_with_its_reason()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestNode node = cluster.Leader;
        TestCall large = node.Command(new byte[node.Options.CommandBytesMax + 1]);
        Assert.Equal(ReplyStatus.PayloadTooLarge, large.Status);
        var unknown = new TestCall { Machine = "nobody" };
        node.Running!.Submit(unknown);
        Assert.Equal(ReplyStatus.UnknownMachine, unknown.Status);
        TestCall late = node.Command(Tally.Add("a", 1), deadlineMs: 0);
        cluster.RunUntil(() => late.IsComplete);
        Assert.Equal(ReplyStatus.DeadlineExceeded, late.Status);
    }

    [Fact]
    public void No_client_may_change_the_clusters_own_records()
    {
        TestCluster cluster = TestCluster.Formed(3);
        var forged = new TestCall { Kind = Requests.RequestKind.Command, Machine = "system" };
        cluster.Leader.Running!.Submit(forged);
        Assert.Equal(ReplyStatus.UnknownMachine, forged.Status);
        var session = new TestCall { Kind = Requests.RequestKind.OpenSession, Machine = "system" };
        cluster.Leader.Running!.Submit(session);
        Assert.Equal(ReplyStatus.UnknownMachine, session.Status);
    }

    [Fact]
    public void A_rejection_and_a_failure_come_back_as_what_they_are()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestCall rejected = cluster.Leader.Command(Tally.Reject("no", "not today"));
        TestCall failed = cluster.Leader.Command(Tally.Throw("thing"));
        cluster.RunUntil(() => rejected.IsComplete && failed.IsComplete);
        Assert.Equal(ReplyStatus.Rejected, rejected.Status);
        Assert.Equal("not today", rejected.Message);
        Assert.Equal(ReplyStatus.Failed, failed.Status);
    }

    [Fact]
    public void A_command_that_halts_the_machine_ends_its_callers_and_leaves_the_group_voting()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        TestCall poison = leader.Command(Tally.Throw("io"));
        TestCall behind = leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => poison.IsComplete && behind.IsComplete);
        Assert.Equal(ReplyStatus.OutcomeUnknown, poison.Status);
        Assert.Contains("disk on fire", poison.Message + leader.Inspect().HaltReason, StringComparison.Ordinal);
        TestCall query = leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.Equal(ReplyStatus.MachineHalted, query.Status);
        TestCall refused = leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => refused.IsComplete);
        Assert.Equal(ReplyStatus.MachineHalted, refused.Status);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void Queries_at_local_consistency_are_answered_before_submit_returns()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 2));
        cluster.RunUntil(() => add.IsComplete);
        TestCall query = cluster.Leader.Query(Tally.TotalOf("a"), ReadConsistency.Local);
        Assert.True(query.IsComplete);
        Assert.Equal(2, query.Number);
    }

    [Fact]
    public void A_command_as_large_as_is_accepted_reaches_every_replica()
    {
        TestCluster cluster = TestCluster.Formed(3);
        byte[] name = new byte[cluster.Leader.Options.CommandBytesMax - 64];
        TestCall add = cluster.Leader.Command(Tally.Add(new string('x', name.Length), 1));
        cluster.RunUntil(() => add.IsComplete);
        Assert.Equal(ReplyStatus.Ok, add.Status);
        cluster.AssertReplicasBecomeEqual();
    }

    private static void Isolate(TestCluster cluster, TestNode node) =>
        cluster.Network.Isolate(node.Address, cluster.Nodes.Where(other => other != node).Select(other => other.Address));
}
