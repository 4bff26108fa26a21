using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

/// <summary>Reads by the leader's lease. A promise lasts 100 ms, clocks may gain 20 in 1 000, a tick is 10 ms: a lease ends 88 ms after what its quorum answered was sent.</summary>
public sealed class LeaderLeaseTests
{
    private const int TickMs = 10;
    private const int LeaseMs = 88;
    private ulong _sequence;

    [Fact]
    public void A_lease_answers_a_read_without_a_message()
    {
        TestCluster cluster = Led();
        TestNode leader = cluster[1];
        leader.Propose("x");
        cluster.Settle();
        leader.RequestRead(NewContext(1), ReadMode.Lease);
        Assert.Empty(leader.Outbox);
        Assert.Equal(leader.Status.HardState.Commit, Assert.Single(leader.Reads).Index);
        Assert.True(leader.Core.MayAnswer(leader.Reads[0]));
    }

    [Fact]
    public void Where_no_lease_holds_the_read_takes_a_round_of_heartbeats()
    {
        TestCluster cluster = Led();
        TestNode leader = cluster[1];
        leader.AdvanceClock(LeaseMs);
        leader.RequestRead(NewContext(1), ReadMode.Lease);
        Assert.Empty(leader.Reads);
        cluster.Settle();
        Assert.Equal(0UL, Assert.Single(leader.Reads).LeaseTerm);
    }

    [Fact]
    public void A_follower_that_reads_by_lease_costs_no_round_either()
    {
        TestCluster cluster = Led();
        cluster[2].RequestRead(NewContext(2), ReadMode.Lease);
        cluster.Deliver(cluster.TakeMessages().Single());
        Message answer = Assert.Single(cluster.TakeMessages());
        Assert.Equal(MessageKind.ReadIndexResponse, answer.Kind);
        cluster.Deliver(answer);
        Assert.Equal(cluster[1].Status.HardState.Commit, Assert.Single(cluster[2].Reads).Index);
    }

    [Fact]
    public void A_lease_lasts_the_promise_less_drift_less_a_tick_and_not_a_millisecond_longer()
    {
        TestCluster cluster = Led();
        cluster[1].AdvanceClock(LeaseMs - 1);
        Assert.True(cluster[1].Core.HoldsLease);
        cluster[1].AdvanceClock(1);
        Assert.False(cluster[1].Core.HoldsLease);
    }

    [Theory, Trap("40", CoreMutant.LeaseFromReceipt)]
    [InlineData(false)]
    [InlineData(true)] // the test can fail
    public void A_lease_counts_from_when_the_heartbeat_was_sent_and_not_from_when_its_answer_came(bool planted)
    {
        TestCluster cluster = Led(config => config with { Mutant = planted ? CoreMutant.LeaseFromReceipt : CoreMutant.None });
        TestNode leader = cluster[1];
        leader.AdvanceClock(200);
        leader.Tick();
        List<Message> heartbeats = cluster.TakeMessages();
        leader.AdvanceClock(LeaseMs - 1);
        foreach (Message heartbeat in heartbeats)
            cluster.Deliver(heartbeat);
        cluster.Settle();
        Assert.True(leader.Core.HoldsLease);
        leader.AdvanceClock(1);
        Assert.Equal(planted, leader.Core.HoldsLease);
    }

    [Fact, Trap("40")]
    public void A_leader_that_was_paused_for_longer_than_its_lease_serves_nothing_by_it_even_if_the_read_comes_before_any_tick()
    {
        TestCluster cluster = Led();
        TestNode paused = cluster[1];
        cluster.Drop = m => m.To.Value == 1;
        foreach (TestNode node in cluster.Nodes)
            node.AdvanceClock(200);
        cluster[3].Tick(10); // the others waited; the paused one didn't even tick
        cluster.Elect(2).Propose("newer");
        cluster.Settle();
        Assert.True(paused.IsLeader, "it hasn't heard of anything");
        paused.RequestRead(NewContext(1), ReadMode.Lease);
        Assert.Empty(paused.Reads);
        cluster.Heal();
        cluster.Tick();
        Assert.Empty(paused.Reads);
        Assert.Single(paused.ReadsFailed);
    }

    [Fact]
    public void What_a_lease_allowed_is_checked_again_before_the_reply_leaves()
    {
        TestCluster cluster = Led();
        TestNode leader = cluster[1];
        leader.RequestRead(NewContext(1), ReadMode.Lease);
        ConfirmedRead read = Assert.Single(leader.Reads);
        leader.AdvanceClock(LeaseMs); // the query took long
        Assert.False(leader.Core.MayAnswer(read));
        cluster.Run(1, TickMs);
        Assert.True(leader.Core.MayAnswer(read), "the leadership never ended");
        Assert.False(leader.Core.MayAnswer(read with { LeaseTerm = read.LeaseTerm - 1 }));
    }

    [Fact, Trap("16", CoreMutant.NoAbstentionAfterRestart)]
    public void Followers_that_restart_elect_nobody_while_their_old_leader_may_hold_a_lease()
    {
        for (int restartAtMs = 0; restartAtMs <= 100; restartAtMs += 5)
            Assert.False(IsOldLeaderServingBesideANewOne(CoreMutant.None, restartAtMs), $"two leaders, restart after {restartAtMs} ms");
        Assert.True(IsOldLeaderServingBesideANewOne(CoreMutant.NoAbstentionAfterRestart, restartAtMs: 20), "the test can fail");
    }

    /// <summary>The leader is cut off, its followers restart, and one campaigns whenever it can; looked at every millisecond, to the end of all promises and beyond.</summary>
    private static bool IsOldLeaderServingBesideANewOne(CoreMutant mutant, int restartAtMs)
    {
        TestCluster cluster = Led(config => config with { Mutant = mutant });
        cluster.Drop = m => m.From.Value == 1 || m.To.Value == 1;
        bool wasServing = false;
        bool both = false;
        for (int ms = 0; ms <= 400; ms++)
        {
            foreach (TestNode node in cluster.Nodes)
                node.AdvanceClock(1);
            if (ms == restartAtMs)
            {
                cluster[2].Crash();
                cluster[3].Crash();
            }

            if (ms % TickMs == 0)
                cluster.Tick();
            cluster[2].Core.Campaign();
            cluster[2].Pump();
            cluster.Settle();
            wasServing |= cluster[1].Core.HoldsLease;
            both |= cluster[2].IsLeader && cluster[1].Core.HoldsLease;
        }

        Assert.True(wasServing);
        Assert.True(cluster[2].IsLeader, "abstention ends");
        return both;
    }

    [Fact]
    public void A_voter_votes_for_nobody_else_until_its_promise_has_run_out_whatever_its_ticks_say()
    {
        TestCluster cluster = Led();
        TestNode voter = cluster[3];
        voter.Tick(30); // ticks may come in a burst; its clock hasn't moved
        voter.Outbox.Clear();
        voter.Step(VoteRequest(from: 2, to: 3, term: 5));
        Assert.Empty(voter.Outbox);
        voter.AdvanceClock(100);
        voter.Step(VoteRequest(from: 2, to: 3, term: 5));
        Assert.Empty(voter.Outbox);
        voter.AdvanceClock(1);
        voter.Step(VoteRequest(from: 2, to: 3, term: 5));
        Assert.Contains(voter.Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: false });
    }

    [Fact]
    public void A_node_keeps_its_promise_towards_itself_too()
    {
        TestCluster cluster = Led(config => config with { MayCampaign = true, PreVote = false });
        TestNode voter = cluster[3];
        voter.Tick(30);
        voter.Core.Campaign();
        voter.Pump();
        Assert.Equal(RaftRole.Follower, voter.Status.Role);
        voter.AdvanceClock(101);
        voter.Tick();
        Assert.Equal(RaftRole.Candidate, voter.Status.Role);
    }

    [Fact]
    public void The_leader_that_holds_a_promise_may_come_back_at_once()
    {
        TestCluster cluster = Led();
        Message request = VoteRequest(from: 1, to: 3, term: 9) with { Log = cluster[3].Status.Last };
        cluster[3].Step(request);
        Assert.Contains(cluster[3].Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: false });
    }

    [Fact, Trap("39", CoreMutant.LeaseOutlivesTransfer)]
    public void A_lease_that_outlives_the_order_to_campaign_would_be_found() =>
        Assert.True(LeaderWhoseOrderIsUnderWay(CoreMutant.LeaseOutlivesTransfer, out _)[1].Core.HoldsLease);

    private static TestCluster LeaderWhoseOrderIsUnderWay(CoreMutant mutant, out Message order)
    {
        TestCluster cluster = Led(config => config with { Mutant = mutant });
        cluster[1].Core.TransferLeadership(new RaftId(2));
        cluster[1].Pump();
        order = cluster.TakeMessages().Single(m => m.Kind == MessageKind.TimeoutNow);
        cluster.Run(12, TickMs);
        Assert.True(cluster[1].IsLeader);
        Assert.True(cluster[1].Status.TransferTarget.IsNone, "the hand-over was given up");
        return cluster;
    }

    [Fact, Trap("39")]
    public void After_the_order_to_campaign_there_is_no_lease_in_the_term_even_when_the_hand_over_was_given_up()
    {
        TestCluster cluster = LeaderWhoseOrderIsUnderWay(CoreMutant.None, out Message order);
        TestNode leader = cluster[1];
        Assert.False(leader.Core.HoldsLease);
        leader.RequestRead(NewContext(1), ReadMode.Lease);
        Assert.Empty(leader.Reads);
        cluster.Settle();
        Assert.Equal(0UL, Assert.Single(leader.Reads).LeaseTerm);

        // This is why: the order arrives after all, and wins.
        cluster.Drop = m => m.To.Value == 1;
        cluster.Deliver(order);
        cluster.Settle();
        Assert.True(cluster[2].IsLeader);
        Assert.True(leader.IsLeader, "it hasn't heard of anything");
        Assert.False(leader.Core.HoldsLease);
        cluster.Heal();
        cluster.Run(3, TickMs);
        Assert.True(cluster[2].Core.HoldsLease, "the next term starts afresh");
    }

    [Fact, Trap("39")]
    public void While_leadership_is_being_handed_over_no_read_is_answered_not_even_by_lease()
    {
        TestCluster cluster = Led();
        TestNode leader = cluster[1];
        cluster.Drop = m => m.To.Value == 2; // the target can't catch up, so the order isn't even given
        leader.Propose("x");
        cluster.Settle();
        Assert.True(leader.Core.HoldsLease);
        leader.Core.TransferLeadership(new RaftId(2));
        leader.Pump();
        Assert.False(leader.Core.HoldsLease);
        leader.RequestRead(NewContext(1), ReadMode.Lease);
        Assert.Empty(leader.Reads);
        Assert.Single(leader.ReadsFailed);
        cluster.Run(12, TickMs);
        Assert.True(leader.Core.HoldsLease, "no order was given: nobody else may have been elected");
    }

    [Theory, Trap("40", CoreMutant.LeaseOutlivesStall)]
    [InlineData(false)]
    [InlineData(true)] // the test can fail
    public void A_clock_stall_voids_the_lease_and_answers_to_what_was_sent_before_it_count_for_nothing(bool planted)
    {
        TestCluster cluster = Led(config => config with { Mutant = planted ? CoreMutant.LeaseOutlivesStall : CoreMutant.None });
        TestNode leader = cluster[1];
        leader.AdvanceClock(TickMs);
        leader.Tick();
        List<Message> heartbeats = cluster.TakeMessages();
        leader.Core.OnClockStall(0); // however short: the monotonic clock may have stood still meanwhile
        leader.Pump();
        Assert.Equal(planted, leader.Core.HoldsLease);
        cluster.TakeMessages();
        if (planted)
            return;
        foreach (Message heartbeat in heartbeats)
            cluster.Deliver(heartbeat);
        cluster.Settle();
        Assert.False(leader.Core.HoldsLease);
        cluster.Run(1, TickMs);
        Assert.True(leader.Core.HoldsLease);
    }

    [Theory, Trap("37", CoreMutant.LeaseBeforeCommit)]
    [InlineData(false)]
    [InlineData(true)] // the test can fail
    public void A_new_leader_has_no_lease_before_it_has_committed_in_its_term(bool planted)
    {
        TestCluster cluster = Formed(Configuration.Of(Ids(1, 2, 3)), config => config with { Mutant = planted ? CoreMutant.LeaseBeforeCommit : CoreMutant.None });
        cluster.Drop = m => m.Kind == MessageKind.Append;
        TestNode leader = cluster.Elect(1);
        cluster.Run(2, TickMs);
        Assert.Equal(planted, leader.Core.HoldsLease);
        if (planted)
            return;
        leader.RequestRead(NewContext(1), ReadMode.Lease);
        Assert.Empty(leader.Reads);
        cluster.Heal();
        cluster.Run(3, TickMs);
        Assert.True(leader.Core.HoldsLease);
        Assert.Equal(leader.Status.HardState.Commit, Assert.Single(leader.Reads).Index);
    }

    [Fact]
    public void A_voter_that_promises_nothing_counts_for_nothing()
    {
        TestCluster cluster = Led(config => config.Self.Value == 1 ? config : config with { LeasePromiseMs = 0 });
        cluster.Run(5, TickMs);
        Assert.True(cluster[1].IsLeader);
        Assert.False(cluster[1].Core.HoldsLease);
    }

    [Fact]
    public void A_lease_needs_a_quorum_and_not_everybody()
    {
        TestCluster cluster = Led();
        cluster.Drop = m => m.From.Value == 3;
        cluster.Run(20, TickMs);
        Assert.True(cluster[1].Core.HoldsLease);
    }

    [Fact]
    public void While_the_configuration_is_joint_a_lease_needs_both_majorities()
    {
        TestCluster cluster = Led(new Configuration([.. Ids(1, 2, 3)], [.. Ids(1, 4, 5)], []));
        Assert.True(cluster[1].Core.HoldsLease);
        cluster.Drop = m => m.From.Value is 3 or 5;
        cluster.Run(9, TickMs);
        Assert.True(cluster[1].Core.HoldsLease, "one of each is enough");
        cluster.Drop = m => m.From.Value is 4 or 5;
        cluster.Run(9, TickMs);
        Assert.True(cluster[1].IsLeader);
        Assert.False(cluster[1].Core.HoldsLease, "all of the new ones are not");
    }

    [Fact]
    public void What_learners_promise_counts_for_nothing()
    {
        TestCluster cluster = Led(new Configuration([.. Ids(1, 2)], [], [.. Ids(3, 4)]));
        Assert.True(cluster[1].Core.HoldsLease);
        cluster.Drop = m => m.From.Value == 2;
        cluster.Run(9, TickMs);
        Assert.True(cluster[1].IsLeader);
        Assert.False(cluster[1].Core.HoldsLease);
    }

    [Fact]
    public void A_single_voter_needs_no_promise()
    {
        var cluster = new TestCluster(1, config => Leased(config) with { MayCampaign = true });
        cluster[1].Tick(); // restarted or not: nobody else can have been promised anything
        Assert.True(cluster[1].IsLeader);
        Assert.True(cluster[1].Core.HoldsLease);
    }

    [Fact, Trap("41")]
    public void Nobody_forgets_its_leader_while_leases_are_on()
    {
        TestCluster cluster = Led();
        cluster[2].Core.ForgetLeader();
        Assert.Equal(new RaftId(1), cluster[2].Status.Leader);
    }

    [Fact, Trap("41")]
    public void A_configuration_under_which_leases_would_be_unsafe_is_refused()
    {
        CoreConfig good = Leased(new CoreConfig { Self = new RaftId(1), ElectionTicksMin = 10 });
        good.Validate();
        AssertRefused(good with { CheckQuorum = false }, "CheckQuorum");
        AssertRefused(good with { TickMs = 0 }, "TickMs");
        AssertRefused(good with { AbstainTicks = 11 }, "AbstainTicks");
        AssertRefused(good with { LeasePromiseMs = 101 }, "ElectionTicksMin");
        AssertRefused(good with { MaxClockDriftPerMille = 1000 }, "MaxClockDriftPerMille");
    }

    private static void AssertRefused(CoreConfig config, string because) =>
        Assert.Contains(because, Assert.Throws<ArgumentException>(config.Validate).Message, StringComparison.Ordinal);

    private static CoreConfig Leased(CoreConfig config) => config with
    {
        TickMs = TickMs,
        LeasePromiseMs = 10 * TickMs,
        MaxClockDriftPerMille = 20,
        AbstainTicks = 12,
        MayCampaign = false, // the tests order who campaigns
    };

    private static IEnumerable<RaftId> Ids(params ulong[] numbers) => numbers.Select(number => new RaftId(number));

    private static TestCluster Formed(Configuration configuration, Func<CoreConfig, CoreConfig>? configure = null)
    {
        var cluster = new TestCluster(configuration, config => configure is null ? Leased(config) : configure(Leased(config)));
        foreach (TestNode node in cluster.Nodes)
        {
            node.AdvanceClock(1);
            for (int i = 0; i < 12; i++)
                node.Core.Tick();
        }

        cluster.TakeMessages();
        return cluster;
    }

    /// <summary>Node 1 leads three voters and has just heard of everybody.</summary>
    private static TestCluster Led(Func<CoreConfig, CoreConfig>? configure = null) => Led(Configuration.Of(Ids(1, 2, 3)), configure);

    private static TestCluster Led(Configuration configuration, Func<CoreConfig, CoreConfig>? configure = null)
    {
        TestCluster cluster = Formed(configuration, configure);
        cluster.Elect(1);
        cluster.Run(1, TickMs);
        return cluster;
    }

    private ReadContext NewContext(ulong origin) => new(new RaftId(origin), 7, ++_sequence);

    private static Message VoteRequest(ulong from, ulong to, ulong term) => new()
    {
        Kind = MessageKind.Vote,
        From = new RaftId(from),
        To = new RaftId(to),
        Term = term,
        Log = new LogPosition(9, 4),
    };
}
