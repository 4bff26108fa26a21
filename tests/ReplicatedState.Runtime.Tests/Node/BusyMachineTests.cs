using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>Two groups on one shard, the machine of one of which is busy for as long as the test likes.</summary>
public sealed class BusyMachineTests
{
    private const string Other = "other";

    [Fact]
    public void Heartbeats_and_another_group_of_the_shard_go_on_while_a_command_takes_longer_than_many_elections()
    {
        TestCluster cluster = TwoGroups();
        TestNode leader = cluster.Leader;
        ulong term = leader.Group()!.Term;
        HoldTally(cluster);
        TestCall[] calls = [.. Enumerable.Range(1, 10).Select(_ => leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine))];
        TestCall query = leader.Query(Tally.TotalOf("a"), machine: TestCluster.Machine);
        for (int second = 0; second < 10; second++)
        {
            TestNode otherLeader = cluster.Nodes.Single(node => node.Leads(Other));
            TestCall add = otherLeader.Command(Tally.Add("b", 1), machine: Other);
            TestCall read = otherLeader.Query(Tally.TotalOf("b"), machine: Other);
            cluster.RunUntil(() => add.IsComplete && read.IsComplete, withinMs: 50);
            Assert.Equal(ReplyStatus.Ok, add.Status);
            cluster.RunFor(1000);
        }

        Assert.True(leader.Leads());
        Assert.All(cluster.Nodes, node => Assert.Equal(term, node.Group()!.Term));
        Assert.True(leader.Group()!.Commit > leader.Group()!.Applied, "what is committed waits for the machine");
        Assert.All(calls, call => Assert.False(call.IsComplete));
        Assert.False(query.IsComplete);
        cluster.Held.Release();
        cluster.RunUntil(() => calls.All(call => call.IsComplete) && query.IsComplete);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), calls.Select(call => call.Number));
        Assert.InRange(query.Number, 0, 10);
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void What_an_operator_asks_for_is_carried_out_when_the_machine_is_free_before_what_is_committed()
    {
        TestCluster cluster = TwoGroups();
        TestNode leader = cluster.Leader;
        HoldTally(cluster);
        TestCall first = leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
        cluster.RunFor(100);
        TestNode.Inspection inspection = leader.Carry(GroupOperationKind.Inspect);
        TestNode.Inspection snapshot = leader.Carry(GroupOperationKind.Snapshot);
        TestCall[] more = [.. Enumerable.Range(1, 1000).Select(_ => leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine))];
        cluster.RunFor(100);
        Assert.Null(snapshot.Refusal);
        Assert.NotNull(snapshot.Status);
        Assert.Null(inspection.Status);
        Assert.False(first.IsComplete);
        cluster.Held.Release();
        cluster.RunUntil(() => inspection.Status is not null && first.IsComplete);
        Assert.NotNull(inspection.Status!.StateHash);
        Assert.Equal(first.Index, inspection.Status.Applied);
        cluster.RunUntil(() => more.All(call => call.IsComplete) && leader.Group()!.SnapshotIndex > 0);
        Assert.Equal(first.Index, leader.Group()!.SnapshotIndex);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void Leadership_can_be_handed_over_while_the_machine_is_busy()
    {
        TestCluster cluster = TwoGroups();
        TestNode old = cluster.Leader;
        HoldTally(cluster);
        TestCall[] calls = [.. Enumerable.Range(1, 5).Select(_ => old.Command(Tally.Add("a", 1), machine: TestCluster.Machine))];
        cluster.RunFor(100);
        TestNode.Inspection transfer = old.Carry(GroupOperationKind.TransferLeadership);
        cluster.RunUntil(() => transfer.Status is not null && cluster.HasOneLeader && !old.Leads());
        Assert.Null(transfer.Refusal);
        cluster.Held.Release();
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        Assert.Equal(Enumerable.Range(1, 5).Select(i => (long)i), calls.Select(call => call.Number));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_node_that_stops_while_the_machine_is_busy_ends_every_call_once()
    {
        TestCluster cluster = TwoGroups();
        TestNode leader = cluster.Leader;
        HoldTally(cluster);
        for (int i = 0; i < 5; i++)
        {
            leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
            leader.Query(Tally.TotalOf("a"), machine: TestCluster.Machine);
        }

        // These queries are confirmed and with the worker: it will never come to them.
        cluster.RunFor(100);
        TestNode.Inspection inspection = leader.Carry(GroupOperationKind.Inspect);
        leader.Kill();
        cluster.AssertAllCallsEnded();
        Assert.NotNull(inspection.Refusal);
        cluster.Held.Release();
        cluster.RunUntil(() => cluster.HasOneLeader);
        leader.Start();
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_halt_on_the_workers_side_ends_what_waits_and_what_comes_later()
    {
        TestCluster cluster = TwoGroups();
        TestNode leader = cluster.Leader;
        HoldTally(cluster);
        TestCall before = leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
        TestCall fatal = leader.Command(Tally.Throw("io"), machine: TestCluster.Machine);
        TestCall after = leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
        cluster.RunFor(100);
        cluster.Held.Release();
        cluster.RunUntil(() => before.IsComplete && fatal.IsComplete && after.IsComplete);
        Assert.Equal(1, before.Number);
        Assert.Equal(ReplyStatus.OutcomeUnknown, fatal.Status);
        Assert.Equal(ReplyStatus.OutcomeUnknown, after.Status);
        cluster.RunUntil(() => leader.Group()!.HaltReason is not null);
        TestCall refused = leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
        cluster.RunUntil(() => refused.IsComplete);
        Assert.Equal(ReplyStatus.MachineHalted, refused.Status);
        Assert.NotNull(leader.Inspect().HaltReason);
    }

    [Fact]
    public void A_worker_that_has_had_nothing_to_do_for_a_while_is_let_go()
    {
        TestCluster cluster = TwoGroups();
        Assert.True(cluster.Held.Workers > 0, "a new machine begins with its worker");
        cluster.RunFor(15_000);
        Assert.Equal(0, cluster.Held.Workers);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
        cluster.RunUntil(() => add.IsComplete);
        Assert.Equal(ReplyStatus.Ok, add.Status);
    }

    internal static TestCluster TwoGroups(RaftOptions? raft = null)
    {
        var cluster = new TestCluster(3, raft: raft);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Machines = [.. cluster.Machines, new MachineRegistration(Other, StateMachineDefinition.Of<Tally>())];
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled && cluster.Nodes.Count(node => node.Leads(Other)) == 1);
        cluster.RunFor(500);
        return cluster;
    }

    internal static void HoldTally(TestCluster cluster)
    {
        string held = $"apply {cluster.Leader.Group()!.Group}";
        cluster.Held.Hold(name => name == held);
    }
}
