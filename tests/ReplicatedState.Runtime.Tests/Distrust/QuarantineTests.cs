using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Distrust;

/// <summary>Machines that diverge on one replica, on virtual time.</summary>
[Collection("fickle")]
public sealed class QuarantineTests : IDisposable
{
    public QuarantineTests() => Reset();

    public void Dispose() => Reset();

    [Fact]
    public void A_follower_that_diverges_answers_nothing_is_reinstalled_and_then_answers_again()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        FickleTally.Whim = 1;
        Add(cluster, 3);
        cluster.RunUntil(() => fickle.Group()!.Quarantine is not null);
        FickleTally.Whim = 0;
        TestCall local = fickle.Query(Tally.TotalOf("a"), ReadConsistency.Local);
        Assert.Equal(ReplyStatus.MachineHalted, local.Status);
        Assert.Contains("in quarantine", local.Message, StringComparison.Ordinal);
        TestCall linearizable = fickle.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => linearizable.IsComplete);
        Assert.Equal(ReplyStatus.NotLeader, linearizable.Status);
        Assert.Equal(cluster.Leader.Name, linearizable.LeaderName);
        Assert.Equal(fickle.Group()!.Quarantine, fickle.Group()!.HaltReason);

        cluster.RunUntil(() => fickle.Group()!.Quarantine is null);
        Assert.Equal(1, fickle.Group()!.SnapshotsInstalled);
        local = fickle.Query(Tally.TotalOf("a"), ReadConsistency.Local);
        Assert.Equal(ReplyStatus.Ok, local.Status);
        Assert.Equal(3, local.Number);
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
        Assert.Empty(fickle.Disk.ListFiles("/data/distrust"));
    }

    [Fact]
    public void The_others_go_on_meanwhile_and_the_leader_says_why_one_does_not()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle, Raft with { ReinstallQuarantined = false });
        FickleTally.Whim = 1;
        Add(cluster, 3);
        cluster.RunUntil(() => PeerOf(cluster, fickle).Distrust is not null);
        Assert.Equal(fickle.Group()!.Quarantine, PeerOf(cluster, fickle).Distrust);
        Assert.Contains("raft.reinstall_quarantined is off", fickle.Group()!.Quarantine, StringComparison.Ordinal);
        ulong applied = fickle.Group()!.Applied;
        Assert.Equal(9, Add(cluster, 6));
        cluster.RunFor(5000);
        Assert.Equal(applied, fickle.Group()!.Applied);
        Assert.Equal(cluster.Leader.Group()!.LastIndex, fickle.Group()!.LastIndex);
    }

    [Fact]
    public void A_quarantined_node_votes_and_stores_and_never_leads()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle, Raft with { ReinstallQuarantined = false });
        FickleTally.Whim = 1;
        Add(cluster, 1);
        cluster.RunUntil(() => PeerOf(cluster, fickle).Distrust is not null);
        TestNode old = cluster.Leader;
        TestNode.Inspection transfer = old.Carry(GroupOperationKind.TransferLeadership, fickle.Name);
        cluster.RunUntil(() => transfer.Status is not null);
        cluster.RunFor(1000);
        Assert.Equal(old, cluster.Leader);
        old.Kill();
        cluster.RunUntil(() => cluster.HasOneLeader);
        Assert.NotEqual(fickle, cluster.Leader);
        Add(cluster, 1); // with its disk as one of two
    }

    [Fact]
    public void A_quarantine_outlives_a_restart()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle, Raft with { ReinstallQuarantined = false });
        FickleTally.Whim = 1;
        Add(cluster, 1);
        cluster.RunUntil(() => PeerOf(cluster, fickle).Distrust is not null);
        string why = fickle.Group()!.Quarantine!;
        FickleTally.Whim = 0; // a replay alone would heal it, and nobody would know
        fickle.Kill();
        fickle.Start();
        cluster.RunUntil(() => fickle.Group() is not null);
        Assert.Equal(why, fickle.Group()!.Quarantine);
        Assert.Equal(ReplyStatus.MachineHalted, fickle.Query(Tally.TotalOf("a"), ReadConsistency.Local).Status);
        cluster.RunFor(3000);
        Assert.Equal(why, fickle.Group()!.Quarantine);

        fickle.Kill();
        fickle.Options = fickle.Options with { Raft = Raft };
        fickle.Start();
        cluster.RunUntil(() => fickle.Group() is { Quarantine: null });
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_leader_that_diverges_gives_leadership_away_and_is_reinstalled_by_the_next()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        Fickle.MakeLeader(cluster, fickle);
        FickleTally.Whim = 1;
        Add(cluster, 1);
        cluster.RunUntil(() => cluster.Nodes.Any(node => node != fickle && node.Leads()), withinMs: 1000);
        FickleTally.Whim = 0;
        Assert.NotNull(fickle.Group()!.Quarantine);
        cluster.RunUntil(() => fickle.Group()!.Quarantine is null);
        Assert.Equal(3, Add(cluster, 2));
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void Two_voters_that_differ_stop_both_until_an_operator_says_whose_state_to_keep()
    {
        TestCluster cluster = Fickle.Cluster(2, out TestNode fickle);
        Fickle.MakeLeader(cluster, fickle);
        TestNode other = cluster.Nodes.Single(node => node != fickle);
        FickleTally.Whim = 1;
        cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group()!.Quarantine?.Contains("no majority", StringComparison.Ordinal) == true));
        FickleTally.Whim = 0;
        cluster.RunFor(3000);
        Assert.All(cluster.Nodes, node => Assert.False(node.Leads()));
        Assert.All(cluster.Nodes, node => Assert.Equal(ReplyStatus.MachineHalted, node.Query(Tally.TotalOf("a"), ReadConsistency.Local).Status));

        string file = $"/data/distrust/group-{other.Group()!.Group.Value}.json";
        Assert.Contains(file, other.Group()!.Quarantine, StringComparison.Ordinal);
        other.Kill();
        other.Disk.Delete(file);
        other.Start();
        cluster.RunUntil(() => other.Leads() && fickle.Group()!.Quarantine is null);
        Assert.Equal(2, Add(cluster, 1));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void While_it_is_not_known_who_is_right_both_answer_nothing_and_when_it_is_the_right_one_goes_on()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        TestNode leader = cluster.Leader;
        TestNode third = cluster.Nodes.Single(node => node != leader && node != fickle);
        third.Kill();
        FickleTally.Whim = 1;
        leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => leader.Group()!.Quarantine is not null && fickle.Group()!.Quarantine is not null);
        FickleTally.Whim = 0;
        cluster.RunFor(3000);
        Assert.True(leader.Leads());
        foreach (TestNode node in new[] { leader, fickle })
        {
            Assert.Contains("it isn't known yet", node.Group()!.Quarantine, StringComparison.Ordinal);
            Assert.Equal(ReplyStatus.MachineHalted, node.Query(Tally.TotalOf("a"), ReadConsistency.Local).Status);
        }

        TestCall refused = leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => refused.IsComplete);
        Assert.Equal(ReplyStatus.MachineHalted, refused.Status);
        third.Start();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group() is { Quarantine: null }));
        Assert.Equal(1, fickle.Group()!.SnapshotsInstalled);
        Assert.Equal(2, Add(cluster, 1));
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_leader_that_is_doubted_and_turns_out_wrong_is_found_when_the_third_voter_is_back()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        Fickle.MakeLeader(cluster, fickle);
        TestNode[] others = [.. cluster.Nodes.Where(node => node != fickle)];
        others[0].Kill();
        FickleTally.Whim = 1;
        fickle.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => fickle.Group()!.Quarantine is not null && others[1].Group()!.Quarantine is not null);
        FickleTally.Whim = 0;
        others[0].Start();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group() is { Quarantine: null }) && cluster.HasOneLeader);
        Assert.Equal(1, fickle.Group()!.SnapshotsInstalled);
        Assert.All(others, node => Assert.Equal(0, node.Group()!.SnapshotsInstalled));
        Assert.Equal(2, Add(cluster, 1));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_state_that_diverges_again_while_it_is_proved_stays_in_quarantine_and_is_reinstalled_more_rarely()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        FickleTally.Whim = 1;
        for (int i = 0; i < 400; i++)
        {
            Add(cluster, 1);
            cluster.RunFor(50);
            Assert.True(i < 5 || fickle.Group()!.Quarantine is not null, "it diverges with every command");
        }

        Assert.InRange(fickle.Group()!.SnapshotsInstalled, 3, 9);
        FickleTally.Whim = 0;
        cluster.RunUntil(() => fickle.Group()!.Quarantine is null, withinMs: 600_000);
        cluster.AssertReplicasBecomeEqual();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_replica_in_quarantine_stands_for_nothing_where_the_other_two_differ(bool isPlanted)
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode first, Raft with { ReinstallQuarantined = false });
        FickleTally.Whim = 1;
        Add(cluster, 1);
        cluster.RunUntil(() => first.Group()!.Quarantine is not null);
        FickleTally.Whim = 0;
        TestNode second = cluster.Nodes.First(node => node != first);
        TestNode right = cluster.Nodes.Single(node => node != first && node != second);
        second.Kill();
        second.Machines = first.Machines;
        second.Options = second.Options with { Mutant = isPlanted ? NodeMutant.QuarantinedCounted : NodeMutant.None };
        second.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        Fickle.MakeLeader(cluster, second);
        cluster.RunUntil(() => PeerOf(cluster, first).Distrust is not null);

        FickleTally.Whim = 1;
        second.Command(Tally.Add("a", 1));
        bool AllKnow() => new[] { second, right }.All(node => node.Group()!.Quarantine?.Contains("no majority", StringComparison.Ordinal) == true);
        if (isPlanted)
            cluster.RunFor(20_000);
        else
            cluster.RunUntil(AllKnow);
        Assert.Equal(!isPlanted, AllKnow());
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("snapshots")]
    [InlineData("apply")]
    public void A_crash_while_the_state_is_reinstalled_leaves_a_quarantine_that_ends_well(string held)
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle);
        Add(cluster, 30);
        FickleTally.Whim = 1;
        Add(cluster, 1);
        cluster.RunUntil(() => PeerOf(cluster, fickle).Distrust is not null);
        FickleTally.Whim = 0;
        for (int turns = 0; turns < 40; turns += 3)
        {
            cluster.RunFor(turns);
            cluster.Held.Hold(name => name.StartsWith(held, StringComparison.Ordinal));
            cluster.RunFor(30);
            fickle.Kill();
            cluster.Held.Release();
            fickle.Start();
            cluster.RunUntil(() => fickle.Group() is not null);
        }

        cluster.RunUntil(() => fickle.Group()!.Quarantine is null);
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_leader_that_mixes_up_the_indexes_of_hashes_would_doubt_whoever_is_right()
    {
        TestCluster cluster = Fickle.Cluster(3, out _);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Kill();
            node.Options = node.Options with { Mutant = NodeMutant.IndexesMixedUp };
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        bool IsAnyDoubted() => cluster.Nodes.Any(node => node.Group()!.Quarantine is not null);
        for (int i = 0; i < 500 && !IsAnyDoubted(); i++)
        {
            cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunFor(3);
        }

        Assert.True(IsAnyDoubted());
    }

    [Fact]
    public void A_busy_group_is_compared_at_the_indexes_that_all_replicas_remember()
    {
        TestCluster cluster = Fickle.Cluster(3, out TestNode fickle, Raft with { ReinstallQuarantined = false });
        TestCall? last = null;
        for (int i = 0; i < 200 && fickle.Group()!.Quarantine is null; i++)
        {
            FickleTally.Whim = i == 0 ? 1 : 0;
            for (int j = 0; j < 20; j++)
                last = cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunFor(5);
        }

        cluster.RunUntil(() => last!.IsComplete);
        Assert.NotNull(fickle.Group()!.Quarantine);
    }

    private static RaftOptions Raft => Fickle.Raft;

    /// <summary>Adds 1 so many times, and returns the last total.</summary>
    private static long Add(TestCluster cluster, int times)
    {
        long total = 0;
        for (int i = 0; i < times; i++)
        {
            TestCall call = cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunUntil(() => call.IsComplete);
            total = call.Status == ReplyStatus.Ok ? call.Number : total;
        }

        return total;
    }

    private static PeerStatus PeerOf(TestCluster cluster, TestNode node) => cluster.Leader.Group()!.Peers.Single(peer => peer.Name == node.Name);

    private static void Reset() => FickleTally.Whim = FickleTally.SilentWhim = 0;
}
