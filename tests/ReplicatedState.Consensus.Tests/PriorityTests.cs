using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

/// <summary>Election timeouts are 10 to 20 ticks, so a leader looks at who is well every 10. Node 3 is preferred.</summary>
public sealed class PriorityTests
{
    [Fact]
    public void A_leader_hands_over_to_a_better_voter_that_has_been_well_for_a_while_and_it_stays_there()
    {
        TestCluster cluster = Preferring3();
        TestNode first = cluster.Elect(1);
        cluster.Tick(29);
        Assert.True(first.IsLeader, "well for two checks is not long enough");
        cluster.Tick(3);
        Assert.True(cluster[3].IsLeader);
        ulong term = cluster[3].Status.HardState.Term;
        cluster.Tick(300);
        Assert.True(cluster[3].IsLeader);
        Assert.Equal(term, cluster[3].Status.HardState.Term);
    }

    [Fact]
    public void Nobody_hands_over_where_all_are_equal()
    {
        var cluster = new TestCluster(3, config => config with { Priority = 7 });
        TestNode leader = cluster.Elect(1);
        cluster.Tick(300);
        Assert.True(leader.IsLeader);
    }

    [Fact]
    public void A_better_voter_that_cannot_keep_up_is_left_alone()
    {
        TestCluster cluster = Preferring3(config => config with { AppendEntriesMax = 1 });
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m is { Kind: MessageKind.AppendResponse, From.Value: 3 };
        for (int i = 0; i < 100; i++)
        {
            leader.Propose("x");
            cluster.Tick();
        }

        Assert.True(leader.IsLeader);
        Assert.True(leader.Status.TransferTarget.IsNone);
    }

    [Fact]
    public void A_better_voter_that_never_takes_over_is_asked_more_and_more_rarely()
    {
        TestCluster cluster = Preferring3();
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        int[] refused = [RefusedTicks(cluster, 500), RefusedTicks(cluster, 500), RefusedTicks(cluster, 2000)];
        Assert.True(leader.IsLeader);
        Assert.InRange(refused[0], 1, 50);
        Assert.True(refused[1] < refused[0], $"{refused[1]} after {refused[0]}");
        Assert.InRange(refused[2], 1, 40);
    }

    [Fact]
    public void A_better_voter_gets_no_vote_when_its_log_is_behind()
    {
        TestCluster cluster = Preferring3(config => config with { PreVote = false });
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.To.Value == 3;
        leader.Propose("x");
        cluster.Settle();
        cluster.Drop = m => m.From.Value == 1 || m.To.Value == 1;
        cluster[2].Tick(40);
        cluster.TakeMessages();
        cluster[3].Core.Campaign();
        cluster[3].Pump();
        cluster.Settle();
        Assert.False(cluster[3].IsLeader);
    }

    [Fact]
    public void Those_who_are_not_the_best_wait_for_the_best_but_not_for_ever()
    {
        for (int seconds = 0; seconds < 2; seconds++)
        {
            bool isBestAlive = seconds == 0;
            TestCluster cluster = Preferring3();
            cluster.Elect(1);
            cluster.Tick(12); // one check, and a heartbeat that tells of it
            cluster.Drop = m => m.From.Value == 1 || m.To.Value == 1 || (!isBestAlive && (m.From.Value == 3 || m.To.Value == 3));
            // Its longest drawn timeout is 20; for one better voter it waits 11 more.
            cluster[2].Tick(20);
            Assert.Equal(RaftRole.Follower, cluster[2].Status.Role);
            cluster[2].Tick(11);
            Assert.Equal(RaftRole.PreCandidate, cluster[2].Status.Role);
        }
    }

    [Fact]
    public void Whoever_refuses_the_best_for_its_log_waits_for_it_no_more()
    {
        TestCluster cluster = Preferring3(config => config with { PreVote = false });
        TestNode leader = cluster.Elect(1);
        cluster.Tick(12); // one check, and a heartbeat that tells 2 of the better voter
        cluster.Drop = m => m.To.Value == 3;
        leader.Propose("x");
        cluster.Settle();
        cluster.Drop = m => m.From.Value == 1 || m.To.Value == 1;
        cluster[2].Tick(10); // so long it helps nobody to replace the leader
        cluster[3].Core.Campaign();
        cluster[3].Pump();
        cluster.Settle();
        Assert.False(cluster[3].IsLeader);
        // Its longest drawn timeout is 20. While it waited longer, the next campaign of 3 came before its own, for ever.
        cluster[2].Tick(20);
        Assert.Equal(RaftRole.Candidate, cluster[2].Status.Role);
    }

    [Fact]
    public void The_best_waits_no_longer_than_without_priorities()
    {
        TestCluster cluster = Preferring3();
        cluster.Elect(1);
        cluster.Tick(12);
        cluster.Isolate(1);
        cluster[3].Tick(20);
        Assert.Equal(RaftRole.PreCandidate, cluster[3].Status.Role);
    }

    [Fact]
    public void Stepping_down_prefers_who_is_up_to_date_then_who_is_preferred_and_nobody_who_was_not_heard_from()
    {
        TestCluster cluster = Preferring3();
        TestNode leader = cluster.Elect(1);
        Assert.False(cluster[2].Core.StepDown(), "a follower has nothing to hand over");
        cluster.Tick(2);
        Assert.True(leader.Core.StepDown());
        Assert.Equal(new RaftId(3), leader.Status.TransferTarget);

        cluster = Preferring3();
        leader = cluster.Elect(1);
        cluster.Drop = m => m.To.Value == 3 && m.Kind == MessageKind.Append;
        leader.Propose("x");
        cluster.Settle();
        Assert.True(leader.Core.StepDown());
        Assert.Equal(new RaftId(2), leader.Status.TransferTarget);
        leader.Pump();
        cluster.Settle();
        Assert.True(cluster[2].IsLeader);

        var alone = new TestCluster(1);
        alone[1].Tick();
        Assert.False(alone[1].Core.StepDown());
    }

    private static int RefusedTicks(TestCluster cluster, int ticks)
    {
        int refused = 0;
        for (int i = 0; i < ticks; i++)
        {
            cluster.Tick();
            if (!cluster[1].Status.TransferTarget.IsNone)
                refused++;
        }

        return refused;
    }

    private static TestCluster Preferring3(Func<CoreConfig, CoreConfig>? configure = null) => new(3, config =>
    {
        config = config with { Priority = config.Self.Value == 3 ? 5 : 0 };
        return configure is null ? config : configure(config);
    });
}
