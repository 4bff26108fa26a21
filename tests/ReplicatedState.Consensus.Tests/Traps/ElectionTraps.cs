using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class ElectionTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("E7")]
    public void A_majority_of_votes_is_enough_whoever_else_does_not_answer()
    {
        TestCluster cluster = Default(CoreMutant.None, nodes: 5);
        cluster.Drop = m => m.From.Value is 4 or 5;
        Assert.True(cluster.Elect(1).IsLeader);
    }

    [Fact, Trap("E8")]
    public void A_candidate_that_nobody_answers_does_nothing_until_its_time_is_over()
    {
        TestNode candidate = Default(CoreMutant.None)[1];
        candidate.Core.Campaign();
        candidate.Pump();
        candidate.Outbox.Clear();
        const int Ticks = 200;
        for (int i = 0; i < Ticks; i++)
        {
            candidate.Tick();
            Assert.False(candidate.Core.HasEffects);
        }

        // A round of two requests each time that an election timeout of 10 to 20 ticks has passed.
        Assert.InRange(candidate.Outbox.Count, 2 * Ticks / 20, 2 * Ticks / 10);
        Assert.All(candidate.Outbox, message => Assert.Equal(MessageKind.PreVote, message.Kind));
    }

    [Fact, Trap("1", CoreMutant.VoteBeforeDurable)]
    public void A_vote_that_a_crash_can_undo_was_never_said() => Play(mutant =>
    {
        TestNode voter = Plain(mutant)[3];
        voter.DiskIsSlow = true;
        voter.Step(VoteRequest(from: 1, to: 3, term: 2));
        List<Message> said = [.. voter.Outbox];
        voter.Crash();
        voter.DiskIsSlow = false;
        voter.Step(VoteRequest(from: 2, to: 3, term: 2));
        said.AddRange(voter.Outbox);
        Assert.Single(said, IsGrant);
    });

    [Fact, Trap("1", CoreMutant.VoteNotPersisted)]
    public void A_vote_that_was_said_is_on_the_disk() => Play(OneVoteATermAcrossACrash);

    [Fact, Trap("E4", CoreMutant.VoteForgottenAtRestart)]
    public void A_restarted_node_remembers_its_vote() => Play(OneVoteATermAcrossACrash);

    [Fact, Trap("E1", CoreMutant.SecondVoteInTerm)]
    public void The_second_candidate_of_a_term_gets_no_vote() => Play(mutant =>
    {
        TestNode voter = Plain(mutant)[3];
        voter.Step(VoteRequest(from: 2, to: 3, term: 2));
        voter.Step(VoteRequest(from: 1, to: 3, term: 2, new LogPosition(9, 1)));
        Assert.Equal(Id(2), Assert.Single(voter.Outbox, IsGrant).To);
    });

    [Fact, Trap("7", CoreMutant.NoLogCheckOnVote)]
    public void A_longer_log_of_an_older_term_wins_no_vote() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        LogPosition last = cluster.Elect(1).Status.Last;
        cluster[3].Step(VoteRequest(from: 2, to: 3, term: 9, new LogPosition(last.Index + 10, last.Term - 1)));
        Assert.DoesNotContain(cluster[3].Outbox, IsGrant);
    });

    [Fact, Trap("3", CoreMutant.PreVoteAdoptsTerm)]
    public void A_pre_vote_leaves_no_trace_at_whoever_is_asked() => Play(mutant =>
    {
        TestNode asked = Default(mutant)[3];
        asked.Pump();
        CoreStatus before = asked.Status;
        asked.Step(VoteRequest(from: 1, to: 3, term: 7) with { Kind = MessageKind.PreVote });
        Assert.Equal(before, asked.Status);
    });

    [Fact, Trap("4", CoreMutant.OldPreVoteUnanswered)]
    public void A_node_with_the_longer_log_and_the_older_term_learns_the_newer_one_and_leads() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        cluster.Isolate(2);
        cluster.Elect(1); // 1 and 3 have an entry that 2 lacks
        cluster[2].Step(VoteRequest(from: 3, to: 2, term: 50));
        cluster[1].Crash();
        cluster.TakeMessages();
        cluster.Isolate(3);
        cluster.Tick(200);
        Assert.True(cluster[1].IsLeader, "1 leads with 2, which can't lead itself");
    });

    [Fact, Trap("4", CoreMutant.OldVoteUnanswered)]
    public void A_candidate_that_nobody_asks_for_its_own_vote_is_told_the_newer_term() => Play(mutant =>
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false, Mutant = mutant });
        cluster[2].Step(VoteRequest(from: 3, to: 2, term: 50));
        cluster[2].Core.AllowLeading(false);
        cluster.TakeMessages();
        cluster[2].Outbox.Clear();
        cluster[2].Step(VoteRequest(from: 1, to: 2, term: 20));
        Assert.Contains(cluster[2].Outbox, m => m is { Kind: MessageKind.VoteResponse, Reject: true, Term: 50 } && m.To == Id(1));
    });

    [Theory, Trap("4")]
    [InlineData(MessageKind.Append)]
    [InlineData(MessageKind.Heartbeat)]
    public void A_leader_of_an_old_term_that_is_no_voter_here_is_told_the_newer_term(MessageKind kind)
    {
        TestNode node = Plain(CoreMutant.None)[2];
        node.Step(VoteRequest(from: 3, to: 2, term: 50));
        node.Outbox.Clear();
        node.Step(new Message { Kind = kind, From = Id(1), To = Id(2), Term = 20 });
        Assert.DoesNotContain(node.Outbox, m => m.To == Id(1)); // it hears of the term when this node campaigns
        node.Step(new Message { Kind = kind, From = Id(9), To = Id(2), Term = 20 });
        Assert.Contains(node.Outbox, m => m is { Kind: MessageKind.AppendResponse, Term: 50 } && m.To == Id(9));
    }

    [Fact, Trap("5", CoreMutant.LeaderRefusedByItsFollowers)]
    public void A_leader_that_restarted_is_not_refused_because_of_itself() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        cluster.Elect(1).Crash();
        cluster.Elect(1);
    });

    [Fact, Trap("6", CoreMutant.StalePreVoteCounted)]
    public void A_grant_of_an_earlier_round_of_pre_votes_does_not_count() => Play(mutant =>
    {
        TestNode candidate = Default(mutant)[1];
        candidate.Core.Campaign();
        candidate.Step(new Message { Kind = MessageKind.PreVoteResponse, From = Id(2), To = Id(1), Term = 1 });
        Assert.Equal(RaftRole.PreCandidate, candidate.Status.Role);
    });

    [Fact, Trap("E2", CoreMutant.StaleVoteCounted)]
    public void A_late_grant_of_an_earlier_term_does_not_count() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode candidate = cluster[1];
        candidate.Core.Campaign();
        candidate.Pump();
        cluster[2].Step(cluster.TakeMessages().Single(m => m.To == Id(2)));
        Message late = cluster[2].Outbox.Single(IsGrant);
        candidate.Core.Campaign();
        candidate.Pump();
        candidate.Step(late);
        Assert.Equal((RaftRole.Candidate, 3UL), (candidate.Status.Role, candidate.Status.HardState.Term));
    });

    [Fact, Trap("8", CoreMutant.RefusalCountedAsGrant)]
    public void A_refusal_is_no_grant() => Play(mutant =>
    {
        TestNode candidate = Plain(mutant)[1];
        candidate.Core.Campaign();
        candidate.Pump();
        candidate.Step(new Message { Kind = MessageKind.VoteResponse, From = Id(2), To = Id(1), Term = 2, Reject = true });
        Assert.Equal(RaftRole.Candidate, candidate.Status.Role);
    });

    [Fact, Trap("9", CoreMutant.LearnerRefusesVote)]
    public void A_node_that_has_not_heard_of_its_promotion_votes_all_the_same() => Play(mutant =>
    {
        TestNode learner = Learner(mutant);
        learner.Step(VoteRequest(from: 1, to: 3, term: 2));
        Assert.Single(learner.Outbox, IsGrant);
    });

    [Fact, Trap("10", CoreMutant.LearnerCampaigns)]
    public void A_learner_never_campaigns_not_even_after_a_restart() => Play(mutant =>
    {
        TestNode learner = Learner(mutant);
        learner.Tick(200);
        learner.Crash();
        learner.Tick(200);
        Assert.Equal(RaftRole.Follower, learner.Status.Role);
        Assert.Empty(learner.Outbox);
    });

    [Fact, Trap("11", CoreMutant.CandidateIgnoresLeader)]
    [Trap("E9")]
    public void A_candidate_that_hears_the_leader_of_its_term_follows_it() => Play(mutant =>
    {
        TestNode candidate = Plain(mutant)[1];
        candidate.Core.Campaign();
        candidate.Pump();
        candidate.Step(Append(from: 2, to: 1, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2)));
        Assert.Equal((RaftRole.Follower, Id(2)), (candidate.Status.Role, candidate.Status.Leader));
    });

    [Fact, Trap("13", CoreMutant.NoStickiness)]
    public void A_node_that_hears_nobody_deposes_nobody() => Play(mutant =>
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false, Mutant = mutant });
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.To == Id(3);
        cluster.Tick(100);
        Assert.True(cluster[3].Status.HardState.Term > 2, "3 campaigns");
        Assert.Equal((RaftRole.Leader, 2UL), (leader.Status.Role, leader.Status.HardState.Term));
    });

    [Fact, Trap("14", CoreMutant.QuorumOffByOne)]
    public void Half_of_the_votes_elect_nobody() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant, nodes: 4);
        cluster.Drop = m => m.To.Value > 2 || m.From.Value > 2;
        cluster[1].Core.Campaign();
        cluster[1].Pump();
        cluster.Settle();
        Assert.Equal(RaftRole.Candidate, cluster[1].Status.Role);
    });

    [Fact, Trap("16", CoreMutant.NoAbstentionAfterRestart)]
    public void A_restarted_follower_votes_only_when_its_promises_have_run_out() => Play(mutant =>
    {
        var cluster = new TestCluster(3, config => config with { PreVote = false, AbstainTicks = 10, Mutant = mutant });
        cluster[3].Step(VoteRequest(from: 1, to: 3, term: 2));
        Assert.DoesNotContain(cluster[3].Outbox, IsGrant);
        cluster[3].Tick(10);
        cluster[3].Step(VoteRequest(from: 1, to: 3, term: 9));
        Assert.Single(cluster[3].Outbox, IsGrant);
    });

    [Fact, Trap("E5", CoreMutant.NoQuorumCheck)]
    public void A_leader_that_hears_from_nobody_gives_up() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(1);
        leader.Tick(25);
        Assert.False(leader.IsLeader);
    });

    [Fact, Trap("E6", CoreMutant.NoEntryOfOwnTerm)]
    [Trap("S8")]
    public void A_new_leader_commits_what_its_predecessor_left_without_waiting_for_a_proposal() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode first = cluster.Elect(1);
        cluster.Drop = m => m.To == Id(1);
        first.Propose("left");
        cluster.Settle();
        cluster.Isolate(1);
        cluster.Elect(2);
        Assert.Contains("left", cluster[3].Applied);
    });

    private static void OneVoteATermAcrossACrash(CoreMutant mutant)
    {
        TestNode voter = Plain(mutant)[3];
        voter.Step(VoteRequest(from: 1, to: 3, term: 2));
        List<Message> said = [.. voter.Outbox];
        voter.Crash();
        voter.Step(VoteRequest(from: 2, to: 3, term: 2));
        said.AddRange(voter.Outbox);
        Assert.Equal(Id(1), Assert.Single(said, IsGrant).To);
    }

    private static TestNode Learner(CoreMutant mutant)
    {
        var configuration = new Configuration([Id(1), Id(2)], [], [Id(3)]);
        return new TestNode(new CoreConfig { Self = Id(3), Mutant = mutant }, DurableLog.FormedWith(configuration), seed: 42);
    }
}
