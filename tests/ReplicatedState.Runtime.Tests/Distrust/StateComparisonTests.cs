using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Distrust;

/// <summary>States that differ although no reply has shown it. In one collection with the other tests of the fickle machine, whose whims are static.</summary>
[Collection("fickle")]
public sealed class StateComparisonTests : IDisposable
{
    public StateComparisonTests() => Reset();

    public void Dispose() => Reset();

    [Fact]
    public void Equal_states_are_found_equal_at_one_index_however_busy_the_group_is()
    {
        TestCluster cluster = Fickle.Cluster(3, out _);
        TestNode.Order order = cluster.Nodes[1].Administer(AdministrationAction.CompareStates, group: TestCluster.Machine);
        for (int i = 0; order.Outcome is null && i < 500; i++)
        {
            cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunFor(1);
        }

        Assert.Equal(AdministrationStatus.Done, order.Outcome!.Status);
        Assert.Contains("all states are equal", order.Outcome.Message, StringComparison.Ordinal);
        StateComparison comparison = cluster.Leader.Group()!.StateComparison!;
        Assert.Equal(order.Outcome.Index, comparison.Index);
        Assert.Equal(["n1", "n2", "n3"], comparison.Equal.Order(StringComparer.Ordinal));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_replica_whose_state_differs_silently_is_found_and_reinstalled()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        FickleTally.SilentWhim = 1;
        Add(cluster);
        cluster.RunFor(1000);
        FickleTally.SilentWhim = 0;
        Assert.Null(fickle.Group()!.Quarantine); // no reply has shown it
        TestNode.Order order = cluster.Leader.Administer(AdministrationAction.CompareStates, group: TestCluster.Machine);
        cluster.RunUntil(() => order.Outcome is not null);
        Assert.Equal(AdministrationStatus.Refused, order.Outcome!.Status);
        Assert.Contains($"{fickle.Name} don't", order.Outcome.Message, StringComparison.Ordinal);
        cluster.RunUntil(() => fickle.Group()!.SnapshotsInstalled == 1 && fickle.Group()!.Quarantine is null);
        Assert.Equal(1, fickle.Log.Count("the hash of its state is"));
        cluster.AssertReplicasBecomeEqual();
        cluster.RunUntil(() => cluster.Leader.Group()!.Peers.All(peer => peer.Distrust is null));
        order = cluster.Leader.Administer(AdministrationAction.CompareStates, group: TestCluster.Machine);
        cluster.RunUntil(() => order.Outcome is not null);
        Assert.Equal(AdministrationStatus.Done, order.Outcome!.Status);
    }

    [Fact]
    public void A_leader_whose_state_differs_silently_gives_leadership_away()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        Fickle.MakeLeader(cluster, fickle);
        FickleTally.SilentWhim = 1;
        Add(cluster);
        cluster.RunFor(200);
        FickleTally.SilentWhim = 0;
        fickle.Carry(GroupOperationKind.CompareStates);
        cluster.RunUntil(() => !fickle.Leads() && cluster.HasOneLeader);
        cluster.RunUntil(() => fickle.Group()!.SnapshotsInstalled == 1 && fickle.Group()!.Quarantine is null);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void While_a_voter_is_away_a_difference_is_doubted_and_decided_when_it_is_back()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle, TestCluster.Raft with { SnapshotThreshold = 20, TrailingLogs = 0 });
        TestNode third = cluster.Nodes.Single(node => node != fickle && !node.Leads());
        TestNode leader = cluster.Leader;
        third.Kill();
        FickleTally.SilentWhim = 1;
        Add(cluster);
        cluster.RunFor(200);
        FickleTally.SilentWhim = 0;
        leader.Carry(GroupOperationKind.CompareStates);
        cluster.RunUntil(() => leader.Group()!.Quarantine is not null && fickle.Group()!.Quarantine is not null);
        Assert.Contains("its state differs", leader.Group()!.Quarantine, StringComparison.Ordinal);
        third.Start();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group() is { Quarantine: null }));
        Assert.Equal(0, leader.Group()!.SnapshotsInstalled);
        Assert.Equal(1, fickle.Group()!.SnapshotsInstalled);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_slow_machine_that_is_worked_on_aside_is_hashed_at_the_same_index()
    {
        TestCluster cluster = Fickle.Cluster(3, out _);
        cluster.Held.Hold(name => name.StartsWith("apply", StringComparison.Ordinal));
        TestNode.Order order = cluster.Leader.Administer(AdministrationAction.CompareStates, group: TestCluster.Machine);
        cluster.RunFor(100);
        Assert.Null(order.Outcome);
        TestCall call = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunFor(100);
        Assert.False(call.IsComplete, "nothing behind the order is applied before the state is hashed");
        cluster.Held.Release();
        cluster.RunUntil(() => call.IsComplete && order.Outcome is not null);
        Assert.Equal(AdministrationStatus.Done, order.Outcome!.Status);
    }

    private static void Add(TestCluster cluster)
    {
        TestCall call = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => call.IsComplete);
    }

    private static void Reset() => FickleTally.Whim = FickleTally.SilentWhim = 0;
}
