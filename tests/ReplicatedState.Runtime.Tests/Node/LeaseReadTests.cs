using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>Queries by the leader's lease, on whole nodes: what they save, and that nobody is shown an old state for it.</summary>
public sealed class LeaseReadTests
{
    private static readonly RaftOptions Leases = TestCluster.Raft with { LeasePromiseMs = TestCluster.Raft.ElectionTimeoutMinMs };

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a machine that isn't known to be quick is worked on by a thread of its own
    public void A_leader_answers_without_a_message_where_leases_are_on_and_asks_where_they_are_off(bool isQuick)
    {
        foreach (RaftOptions raft in new[] { Leases, TestCluster.Raft })
        {
            TestCluster cluster = TestCluster.Formed(3, raft: raft);
            Write(cluster, cluster.Leader, 7);
            if (isQuick)
                BecomeQuick(cluster, cluster.Leader);
            cluster.RunFor(50);

            TestCall byLease = cluster.Leader.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
            TestCall byQuorum = cluster.Leader.Query(Tally.TotalOf("a"));
            cluster.Scheduler.RunUntilIdle(); // no time passes, so no message arrives

            Assert.Equal(raft == Leases, byLease.IsComplete);
            Assert.False(byQuorum.IsComplete);
            cluster.RunUntil(() => byLease.IsComplete && byQuorum.IsComplete, withinMs: 1000);
            Assert.Equal((7, 7), (byLease.Number, byQuorum.Number));
        }
    }

    [Fact]
    public void A_follower_asks_its_leader_alone()
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Leases);
        Write(cluster, cluster.Leader, 7);
        BecomeQuick(cluster, cluster.Leader);
        TestNode[] followers = [.. cluster.Nodes.Where(node => !node.Leads())];

        // Each message takes a millisecond: question and answer two, and a round of heartbeats in between would take two more.
        (cluster.Network.DelayUsMin, cluster.Network.DelayUsMax) = (1000, 1000);
        TestCall call = followers[0].Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.RunUntil(() => call.IsComplete, withinMs: 3);

        Assert.Equal((ReplyStatus.Ok, 7L), (call.Status, call.Number));
    }

    [Fact]
    public void A_leader_that_was_paused_for_longer_than_its_lease_shows_nobody_what_it_knew_before()
    {
        // Trap 40: paused, deposed, resumed, and asked before it hears of anything.
        TestCluster cluster = TestCluster.Formed(3, raft: Leases);
        TestNode old = cluster.Leader;
        Write(cluster, old, 1);
        BecomeQuick(cluster, old);
        old.Actors.Hold(static _ => true);
        cluster.Network.Isolate(old.Address, cluster.Nodes.Where(node => node != old).Select(node => node.Address));
        Write(cluster, Successor(cluster, old), 10);

        TestCall call = old.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        old.Actors.Release();
        cluster.Scheduler.RunUntilIdle();
        Assert.False(call.IsComplete);
        cluster.Network.Heal();
        cluster.RunUntil(() => call.IsComplete, withinMs: 2000);

        Assert.True(call.Status != ReplyStatus.Ok || call.Number == 11, $"{call.Status} {call.Message}");
    }

    [Fact]
    public void A_machine_that_was_suspended_with_its_monotonic_clock_holds_no_lease_when_it_resumes()
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Leases);
        Write(cluster, cluster.Leader, 1);
        BecomeQuick(cluster, cluster.Leader);
        cluster.Network.Isolate(cluster.Leader.Address, cluster.Nodes.Where(node => !node.Leads()).Select(node => node.Address));

        // All that shows is that the wall clock moved on while the other stood still.
        cluster.Leader.WallSkewMs += 5000;
        TestCall call = cluster.Leader.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.Scheduler.RunUntilIdle();

        Assert.False(call.IsComplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lease_that_ran_out_while_the_query_ran_doesnt_cover_its_reply(bool isQuick)
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Leases, machines: [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<PausingTally>())]);
        TestNode old = cluster.Leader;
        Write(cluster, old, 1);
        if (isQuick)
            BecomeQuick(cluster, old);
        cluster.RunFor(50);
        TestNode? successor = null;
        TestCall? write = null;
        PausingTally.PauseOnce(() =>
        {
            old.Actors.Hold(static _ => true);
            cluster.Network.Isolate(old.Address, cluster.Nodes.Where(node => node != old).Select(node => node.Address));
            successor = Successor(cluster, old);
            write = Write(cluster, successor, 10);
            old.Actors.Release();
        });

        TestCall call = old.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.RunUntil(() => write is { IsComplete: true });
        cluster.Network.Heal();
        cluster.RunUntil(() => call.IsComplete, withinMs: 2000);

        Assert.True(call.Status != ReplyStatus.Ok || call.Number == 11, $"{call.Status} {call.Message}");
    }

    [Fact]
    public void Nothing_is_answered_by_lease_while_leadership_is_handed_over()
    {
        // Trap 39: the order to campaign is on its way, and the successor may have been elected at any moment since.
        TestCluster cluster = TestCluster.Formed(3, raft: Leases);
        TestNode old = cluster.Leader;
        Write(cluster, old, 1);
        BecomeQuick(cluster, old);
        old.Carry(GroupOperationKind.TransferLeadership, cluster.Nodes.First(node => node != old).Name);
        cluster.Scheduler.RunUntilIdle();

        TestCall during = old.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.Scheduler.RunUntilIdle();
        Assert.False(during is { IsComplete: true, Status: ReplyStatus.Ok });
        cluster.RunUntil(() => during.IsComplete, withinMs: 1000);

        Write(cluster, Successor(cluster, old), 10);
        TestCall after = old.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.RunUntil(() => after.IsComplete, withinMs: 1000);
        Assert.Equal((ReplyStatus.Ok, 11L), (after.Status, after.Number));
    }

    [Fact]
    public void A_leader_that_is_cut_off_answers_by_its_lease_until_it_ends_and_never_after_its_successor_has_acknowledged()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            TestCluster cluster = TestCluster.Formed(3, seed, Leases);
            TestNode old = cluster.Leader;
            Write(cluster, old, 1);
            BecomeQuick(cluster, old);
            cluster.RunFor((long)seed * 7); // at another moment between two checks of the quorum each time
            cluster.Network.Isolate(old.Address, cluster.Nodes.Where(node => node != old).Select(node => node.Address));

            AssertOldLeaderFallsSilent(cluster, old, seed);
        }
    }

    [Fact]
    public void A_voter_that_was_restarted_elects_nobody_while_the_old_leader_counts_on_it()
    {
        // Trap 16: one follower hears nothing more and will campaign; the other has just promised to help nobody, and forgets it. Slow timers, so that it is connected again before they run out.
        RaftOptions slow = Leases with { HeartbeatIntervalMs = 200, ElectionTimeoutMinMs = 1000, ElectionTimeoutMaxMs = 2000, LeasePromiseMs = 1000 };
        for (ulong seed = 1; seed <= 20; seed++)
        {
            TestCluster cluster = TestCluster.Formed(3, seed, slow);
            TestNode old = cluster.Leader;
            Write(cluster, old, 1);
            BecomeQuick(cluster, old);
            cluster.RunFor((long)seed * 70);
            TestNode[] followers = [.. cluster.Nodes.Where(node => node != old)];
            cluster.Network.Isolate(old.Address, [followers[0].Address]);
            cluster.RunFor(300 + ((long)seed * 50));
            cluster.Network.Isolate(old.Address, [followers[1].Address]);
            followers[1].Kill();
            followers[1].Start();

            AssertOldLeaderFallsSilent(cluster, old, seed);
        }
    }

    [Fact]
    public void A_node_alone_needs_nobody_and_leads_at_once_after_a_restart()
    {
        TestCluster cluster = TestCluster.Formed(1, raft: Leases);
        Write(cluster, cluster.Leader, 1);
        cluster.Nodes[0].Kill();
        cluster.Nodes[0].Start();
        cluster.RunUntil(() => cluster.HasOneLeader, withinMs: 50);

        TestCall call = cluster.Leader.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.RunUntil(() => call.IsComplete, withinMs: 50);

        Assert.Equal(1, call.Number);
    }

    /// <summary>Each millisecond a query by lease at the old leader, until it has a successor that has acknowledged a command.</summary>
    private static void AssertOldLeaderFallsSilent(TestCluster cluster, TestNode old, ulong seed)
    {
        int answers = 0;
        TestCall? written = null;
        for (int ms = 0; ms < 10_000 && written is not { IsComplete: true }; ms++)
        {
            cluster.RunFor(1);
            TestCall call = old.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
            cluster.Scheduler.RunUntilIdle();
            bool isAnswered = call is { IsComplete: true, Status: ReplyStatus.Ok };
            answers += isAnswered ? 1 : 0;
            Assert.False(isAnswered && written is { IsComplete: true }, $"Seed {seed}: the old leader answers by its lease when its successor has acknowledged a command.");
            written ??= cluster.Nodes.FirstOrDefault(node => node != old && node.Leads())?.Command(Tally.Add("a", 10));
        }

        Assert.Equal(ReplyStatus.Ok, written!.Status);
        TestCall late = old.Query(Tally.TotalOf("a"), ReadConsistency.Lease);
        cluster.Scheduler.RunUntilIdle();
        Assert.False(late is { IsComplete: true, Status: ReplyStatus.Ok }, $"Seed {seed}: the old leader answers by its lease when its successor has acknowledged a command.");
        Assert.True(answers > 0, $"Seed {seed}: the old leader held a lease when it was cut off.");
    }

    private static TestCall Write(TestCluster cluster, TestNode node, long amount)
    {
        TestCall add = node.Command(Tally.Add("a", amount));
        cluster.RunUntil(() => add.IsComplete);
        Assert.Equal(ReplyStatus.Ok, add.Status);
        return add;
    }

    private static TestNode Successor(TestCluster cluster, TestNode old)
    {
        TestNode? successor = null;
        cluster.RunUntil(() => (successor = cluster.Nodes.FirstOrDefault(node => node != old && node.Leads())) is not null);
        return successor!;
    }

    /// <summary>Until a machine is known to be quick its worker answers.</summary>
    private static void BecomeQuick(TestCluster cluster, TestNode leader)
    {
        for (int i = 0; i < 100; i++)
        {
            TestCall call = leader.Query(Tally.TotalOf("a"));
            cluster.RunUntil(() => call.IsComplete);
        }

        cluster.RunFor(50);
    }
}
