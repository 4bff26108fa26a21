using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class ElectionTests
{
    [Fact]
    public void A_formed_cluster_elects_one_leader_by_itself()
    {
        var cluster = new TestCluster(3);
        cluster.Tick(60);
        Assert.Single(cluster.Nodes, node => node.IsLeader);
        Assert.Single(cluster.Nodes.Select(node => node.Status.Leader).Distinct());
    }

    [Fact]
    public void A_campaign_that_nobody_wins_is_repeated_soon_then_later_and_then_as_patiently_as_at_first()
    {
        TestNode alone = new TestCluster(3)[1]; // nothing that it sends is delivered
        for (int leader = 2; leader <= 3; leader++)
        {
            Assert.InRange(TicksUntilItCampaigns(alone), 10, 20);
            Assert.InRange(TicksUntilItCampaigns(alone), 2, 4);
            Assert.InRange(TicksUntilItCampaigns(alone), 4, 8);
            Assert.InRange(TicksUntilItCampaigns(alone), 10, 20);
            Assert.InRange(TicksUntilItCampaigns(alone), 10, 20);
            // Hearing from a leader makes it begin anew.
            alone.Step(new Message { Kind = MessageKind.Heartbeat, From = new RaftId((ulong)leader), To = alone.Id, Term = (ulong)leader });
        }
    }

    [Fact]
    public void Split_votes_cost_half_of_the_shortest_timeout_and_no_whole_one()
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false });
        cluster[3].Crash(); // and is never heard of: two must agree
        cluster.Drop = m => m.To == cluster[3].Id || m.From == cluster[3].Id;
        cluster[1].Core.Campaign();
        cluster[2].Core.Campaign();
        cluster[1].Pump();
        cluster[2].Pump();
        cluster.Settle();
        Assert.All((TestNode[])[cluster[1], cluster[2]], node => Assert.Equal(RaftRole.Candidate, node.Status.Role));
        for (int tick = 0; tick < 5; tick++)
        {
            cluster[1].Tick();
            cluster.Settle();
            cluster[2].Tick();
            cluster.Settle();
        }

        Assert.Single(cluster.Nodes, node => node.IsLeader);
    }

    [Fact]
    public void A_single_voter_leads_after_its_first_tick_and_only_when_its_vote_is_durable()
    {
        var cluster = new TestCluster(1);
        cluster[1].DiskIsSlow = true;
        cluster[1].Tick();
        Assert.Equal(RaftRole.Candidate, cluster[1].Status.Role);
        cluster[1].SyncOne();
        Assert.True(cluster[1].IsLeader);
    }

    [Fact]
    public void A_candidate_asks_for_votes_only_when_its_own_is_durable()
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false });
        cluster[1].DiskIsSlow = true;
        cluster[1].Core.Campaign();
        cluster[1].Pump();
        Assert.Empty(cluster[1].Outbox);
        cluster[1].SyncOne();
        Assert.Equal(2, cluster[1].Outbox.Count(m => m.Kind == MessageKind.Vote));
    }

    [Fact]
    public void A_vote_leaves_only_when_it_is_durable_and_is_not_given_twice_after_a_crash()
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false });
        TestNode voter = cluster[3];
        voter.DiskIsSlow = true;
        voter.Step(VoteRequest(from: 1, to: 3, term: 2));
        Assert.Empty(voter.Outbox);
        voter.Sync();
        Assert.Contains(voter.Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: false });
        voter.Crash();
        voter.DiskIsSlow = false;
        voter.Step(VoteRequest(from: 2, to: 3, term: 2));
        Assert.Contains(voter.Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: true });
    }

    [Fact]
    public void A_vote_that_was_never_durable_was_never_said()
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false });
        TestNode voter = cluster[3];
        voter.DiskIsSlow = true;
        voter.Step(VoteRequest(from: 1, to: 3, term: 2));
        voter.Crash();
        voter.DiskIsSlow = false;
        voter.Step(VoteRequest(from: 2, to: 3, term: 2));
        Assert.Equal(new RaftId(2), Assert.Single(voter.Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: false }).To);
    }

    [Theory]
    [InlineData(2, 5UL, 1, 9UL, false)] // longer but older
    [InlineData(2, 5UL, 2, 4UL, false)] // same term, shorter
    [InlineData(2, 5UL, 2, 5UL, true)]
    [InlineData(2, 5UL, 2, 6UL, true)]
    [InlineData(2, 5UL, 3, 1UL, true)] // newer, though shorter
    [Trap("7")]
    public void A_log_is_up_to_date_by_term_first_and_index_second(ulong ownTerm, ulong ownIndex, ulong theirTerm, ulong theirIndex, bool upToDate) =>
        Assert.Equal(upToDate, new LogPosition(ownIndex, ownTerm).IsNotAheadOf(new LogPosition(theirIndex, theirTerm)));

    [Fact, Trap("3")]
    public void A_pre_vote_changes_nothing_at_whoever_is_asked()
    {
        var cluster = new TestCluster(3);
        TestNode asked = cluster[3];
        asked.Tick(12);
        cluster.TakeMessages();
        CoreStatus before = asked.Status;
        asked.Step(VoteRequest(from: 1, to: 3, term: 7) with { Kind = MessageKind.PreVote });
        Assert.Equal(before, asked.Status);
        Assert.Equal(0, asked.UnsyncedOperations);
    }

    [Fact, Trap("6")]
    public void A_grant_of_an_earlier_round_of_pre_votes_is_worth_nothing()
    {
        var cluster = new TestCluster(3);
        cluster[1].Core.Campaign();
        cluster[1].Step(new Message { Kind = MessageKind.PreVoteResponse, From = new RaftId(2), To = new RaftId(1), Term = 1 });
        Assert.Equal(RaftRole.PreCandidate, cluster[1].Status.Role);
        cluster[1].Step(new Message { Kind = MessageKind.PreVoteResponse, From = new RaftId(2), To = new RaftId(1), Term = 2 });
        Assert.Equal(RaftRole.Candidate, cluster[1].Status.Role);
    }

    [Fact, Trap("6")]
    public void Answers_that_are_late_or_doubled_neither_count_twice_nor_disturb_a_leader()
    {
        var cluster = new TestCluster(5, config => config with { PreVote = false });
        TestNode candidate = cluster[1];
        candidate.Core.Campaign();
        candidate.Pump();
        cluster.TakeMessages();
        Message grant = VoteResponse(from: 2, term: 2);
        for (int i = 0; i < 3; i++)
            candidate.Step(grant);
        Assert.Equal(RaftRole.Candidate, candidate.Status.Role); // itself and one other, however often that one says so
        candidate.Core.Campaign();
        candidate.Pump();
        candidate.Step(grant);
        candidate.Step(VoteResponse(from: 3, term: 2));
        Assert.Equal(RaftRole.Candidate, candidate.Status.Role); // the round before this one
        candidate.Step(VoteResponse(from: 2, term: 3));
        candidate.Step(VoteResponse(from: 3, term: 3));
        Assert.True(candidate.IsLeader);
        CoreStatus before = candidate.Status;
        candidate.Step(VoteResponse(from: 4, term: 3));
        candidate.Step(VoteResponse(from: 5, term: 3) with { Reject = true });
        candidate.Step(VoteResponse(from: 4, term: 4) with { Kind = MessageKind.PreVoteResponse });
        Assert.Equal(before, candidate.Status);
    }

    [Fact, Trap("8")]
    public void A_refusal_in_a_higher_term_is_no_grant()
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false });
        cluster[1].Core.Campaign();
        cluster[1].Pump();
        cluster[1].Step(new Message { Kind = MessageKind.VoteResponse, From = new RaftId(2), To = new RaftId(1), Term = 9, Reject = true });
        Assert.Equal(RaftRole.Follower, cluster[1].Status.Role);
        Assert.Equal(new HardState(9, RaftId.None, 1), cluster[1].Status.HardState);
    }

    [Fact, Trap("13")]
    public void Followers_that_hear_their_leader_help_nobody_to_replace_it()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        ulong term = leader.Status.HardState.Term;
        cluster.Isolate(3);
        for (int i = 0; i < 30; i++)
            cluster[3].Tick();
        cluster.TakeMessages();
        cluster.Heal();
        cluster[3].Core.Campaign();
        cluster[3].Pump();
        cluster.Settle();
        Assert.True(leader.IsLeader);
        Assert.Equal(term, leader.Status.HardState.Term);
    }

    [Fact, Trap("5")]
    public void A_leader_that_restarts_may_ask_its_followers_at_once()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[1].Crash();
        cluster[1].Core.Campaign();
        cluster[1].Pump();
        cluster.Settle();
        Assert.True(cluster[1].IsLeader);
    }

    [Fact]
    public void A_leader_that_hears_from_no_quorum_steps_down()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Isolate(1);
        for (int i = 0; i < 25; i++)
            cluster[1].Tick();
        Assert.False(cluster[1].IsLeader);
        Assert.Equal(2UL, cluster[1].Status.HardState.Term);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [Trap("12")]
    public void Whatever_single_link_fails_in_one_direction_a_leader_is_found_and_stays(int nodes)
    {
        for (ulong from = 1; from <= (ulong)nodes; from++)
        {
            for (ulong to = 1; to <= (ulong)nodes; to++)
            {
                if (from == to)
                    continue;
                var cluster = new TestCluster(nodes) { Drop = m => m.From.Value == from && m.To.Value == to };
                cluster.Tick(200);
                TestNode? leader = cluster.Nodes.SingleOrDefault(node => node.IsLeader && node.Status.HardState.Term == cluster.Nodes.Max(n => n.Status.HardState.Term));
                Assert.True(leader is not null, $"no leader with {from}→{to} cut");
                ulong term = leader.Status.HardState.Term;
                cluster.Tick(200);
                Assert.True(leader.IsLeader && leader.Status.HardState.Term == term, $"leadership moves with {from}→{to} cut");
            }
        }
    }

    [Fact, Trap("4")]
    public void Nodes_of_different_terms_find_a_leader_after_a_partition()
    {
        var cluster = new TestCluster(3);
        cluster[2].Step(VoteRequest(from: 1, to: 2, term: 50));
        cluster.TakeMessages();
        cluster.Tick(100);
        Assert.Single(cluster.Nodes, node => node.IsLeader);
    }

    [Fact, Trap("16")]
    public void A_node_that_restarted_abstains_for_as_long_as_it_may_have_promised()
    {
        var cluster = new TestCluster(3, config => config with { AbstainTicks = 15, PreVote = false });
        cluster[3].Step(VoteRequest(from: 1, to: 3, term: 2));
        Assert.Contains(cluster[3].Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: true });
        cluster[3].Outbox.Clear();
        cluster[3].Tick(15);
        cluster[3].Outbox.Clear();
        cluster[3].Step(VoteRequest(from: 1, to: 3, term: 30));
        Assert.Contains(cluster[3].Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: false });
    }

    private static Message VoteResponse(ulong from, ulong term) => new() { Kind = MessageKind.VoteResponse, From = new RaftId(from), To = new RaftId(1), Term = term };

    private static int TicksUntilItCampaigns(TestNode node)
    {
        node.Outbox.Clear();
        int ticks = 0;
        for (; !node.Outbox.Any(m => m.Kind == MessageKind.PreVote); ticks++)
            node.Tick();
        return ticks;
    }

    private static Message VoteRequest(ulong from, ulong to, ulong term) => new()
    {
        Kind = MessageKind.Vote,
        From = new RaftId(from),
        To = new RaftId(to),
        Term = term,
        Log = new LogPosition(1, 1),
    };
}
