using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class ReadIndexTests
{
    [Fact]
    public void A_leader_answers_a_read_after_a_round_of_heartbeats_with_its_commit_index()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Propose("x");
        cluster.Settle();
        leader.Core.RequestRead(Context(1, 1));
        leader.Pump();
        Assert.Empty(leader.Reads);
        cluster.Settle();
        Assert.Equal(new ConfirmedRead(Context(1, 1), leader.Status.HardState.Commit), Assert.Single(leader.Reads));
    }

    [Fact]
    public void A_read_that_waits_for_a_voter_is_answered_when_that_voter_is_removed()
    {
        var cluster = new TestCluster(2);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(2);
        leader.RequestRead(Context(1, 1));
        cluster.Settle();
        Assert.Empty(leader.Reads);
        Assert.Equal(ConfigOutcome.Accepted, leader.ProposeConfig(ConfigChange.Remove(new RaftId(2))).Outcome);
        Assert.Equal(Context(1, 1), Assert.Single(leader.Reads).Context);
    }

    [Fact]
    public void A_thousand_reads_share_one_round()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        for (ulong i = 0; i < 1000; i++)
            leader.Core.RequestRead(Context(1, i));
        leader.Pump();
        Assert.Equal(2, leader.Outbox.Count(m => m.Kind == MessageKind.Heartbeat));
        cluster.Settle();
        Assert.Equal(1000, leader.Reads.Count);
    }

    [Fact]
    public void A_follower_asks_its_leader_and_answers_by_itself()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Propose("x");
        cluster.Settle();
        cluster[2].Core.RequestRead(Context(2, 7));
        cluster[2].Pump();
        cluster.Settle();
        Assert.Equal(leader.Status.HardState.Commit, Assert.Single(cluster[2].Reads).Index);
    }

    [Fact, Trap("37")]
    public void A_new_leader_reads_nothing_before_it_has_committed_in_its_term()
    {
        var cluster = new TestCluster(3);
        cluster.Drop = m => m.Kind == MessageKind.Append;
        TestNode leader = cluster.Elect(1);
        leader.Core.RequestRead(Context(1, 1));
        leader.Pump();
        cluster.Settle();
        Assert.Empty(leader.Reads);
        cluster.Heal();
        cluster.Tick(3);
        Assert.Single(leader.Reads);
    }

    [Fact, Trap("38")]
    public void A_late_answer_to_an_older_round_confirms_no_newer_read()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.RequestRead(Context(1, 1));
        leader.Pump();
        foreach (Message m in cluster.TakeMessages())
            cluster.Deliver(m);
        Message oldAnswer = cluster[2].Outbox.Single(m => m.Kind == MessageKind.HeartbeatResponse);
        cluster.Settle();
        Assert.Single(leader.Reads);
        cluster.Isolate(1);
        leader.Core.RequestRead(Context(1, 2));
        leader.Pump();
        leader.Step(oldAnswer);
        leader.Step(oldAnswer);
        Assert.Single(leader.Reads);
    }

    [Fact, Trap("43")]
    public void A_leader_that_is_deposed_fails_the_reads_that_wait()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(1);
        leader.Core.RequestRead(Context(1, 1));
        leader.Pump();
        leader.Tick(30);
        Assert.Empty(leader.Reads);
        Assert.Equal(Context(1, 1), Assert.Single(leader.ReadsFailed));
    }

    [Fact]
    public void A_read_whose_question_was_lost_fails_instead_of_waiting_for_ever()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.ReadIndex;
        cluster[2].Core.RequestRead(Context(2, 1));
        cluster[2].Pump();
        cluster.Tick(25);
        Assert.Equal(Context(2, 1), Assert.Single(cluster[2].ReadsFailed));
    }

    [Fact]
    public void Without_a_leader_a_read_fails_at_once()
    {
        var cluster = new TestCluster(3);
        cluster[1].Core.RequestRead(Context(1, 1));
        cluster[1].Pump();
        Assert.Single(cluster[1].ReadsFailed);
    }

    [Fact, Trap("39")]
    public void No_read_is_answered_while_leadership_is_being_handed_over()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(new RaftId(2));
        leader.Core.RequestRead(Context(1, 1));
        leader.Pump();
        Assert.Single(leader.ReadsFailed);
    }

    [Fact]
    public void A_single_voter_answers_by_itself()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Elect(1);
        node.Core.RequestRead(Context(1, 1));
        node.Pump();
        Assert.Single(node.Reads);
    }

    [Fact, Trap("38")]
    public void Answers_that_were_delayed_confirm_no_read_that_came_after_them_not_even_one_with_the_same_context()
    {
        var cluster = new TestCluster(3);
        TestNode old = cluster.Elect(1);
        old.RequestRead(Context(1, 1));
        old.RequestRead(Context(1, 1)); // doubled on the way
        List<Message> delayed = [];
        cluster.Drop = m =>
        {
            if (m.Kind == MessageKind.HeartbeatResponse)
                delayed.Add(m);
            return m.Kind == MessageKind.HeartbeatResponse && m.From.Value == 3; // one answer to each round arrives, the others are late
        };
        cluster.Settle();
        int answered = old.Reads.Count;
        Assert.Equal(2, answered);

        cluster.Isolate(1);
        cluster[3].Tick(20); // patience with the old leader ends
        cluster.TakeMessages();
        cluster.Elect(2).Propose("newer");
        cluster.Settle();
        Assert.True(old.IsLeader, "it hasn't heard of anything");

        old.RequestRead(Context(1, 1));
        old.RequestRead(Context(1, 2));
        foreach (Message answer in delayed.Concat(delayed))
            old.Step(answer);
        Assert.Equal(answered, old.Reads.Count);
        cluster.Heal();
        cluster.Tick(3);
        Assert.Equal(answered, old.Reads.Count);
        Assert.Equal(2, old.ReadsFailed.Count);
    }

    [Theory, Trap("42")]
    [InlineData(1)]
    [InlineData(3)]
    public void After_all_nodes_have_crashed_no_read_is_answered_below_what_a_client_saw_before(int nodes)
    {
        var cluster = new TestCluster(nodes);
        cluster.Tick(30);
        TestNode leader = cluster.Nodes.Single(node => node.IsLeader);
        leader.Propose("x");
        cluster.Settle();
        ulong seen = leader.AppliedIndex;
        Assert.Equal("x", leader.Applied.Single());
        foreach (TestNode node in cluster.Nodes)
            node.Crash();
        ulong sequence = 0;
        for (int i = 0; i < 60; i++)
        {
            foreach (TestNode node in cluster.Nodes)
                node.RequestRead(new ReadContext(node.Id, 2, ++sequence), ReadMode.Lease);
            cluster.Tick();
        }

        foreach (TestNode node in cluster.Nodes)
        {
            Assert.NotEmpty(node.Reads);
            Assert.All(node.Reads, read => Assert.True(read.Index >= seen, $"{read.Index} < {seen}"));
        }
    }

    [Fact, Trap("43")]
    public void However_a_read_waits_it_fails_once_when_leadership_is_lost()
    {
        var cluster = new TestCluster(3);
        cluster.Drop = m => m.Kind == MessageKind.Append;
        TestNode leader = cluster.Elect(1);
        cluster.Tick(); // everybody knows who leads
        leader.RequestRead(Context(1, 1)); // for the first commit of the term
        cluster[3].RequestRead(Context(3, 2)); // the same, for a follower
        cluster.Settle();
        cluster.Heal();
        cluster.Tick(3);
        Assert.Single(leader.Reads);
        Assert.Single(cluster[3].Reads);

        cluster.Drop = m => m.Kind is MessageKind.HeartbeatResponse or MessageKind.Append;
        leader.RequestRead(Context(1, 3)); // for a round
        cluster[3].RequestRead(Context(3, 4)); // the same, for a follower
        cluster[2].RequestRead(Context(2, 5)); // asked, and the leader never heard of it
        cluster[2].Outbox.Clear();
        cluster.Settle();
        leader.Step(new Message { Kind = MessageKind.AppendResponse, From = new RaftId(2), To = new RaftId(1), Term = 9 });
        cluster.Settle();
        cluster.Tick(60);
        Assert.Equal(Context(1, 3), Assert.Single(leader.ReadsFailed));
        Assert.Equal(Context(3, 4), Assert.Single(cluster[3].ReadsFailed));
        Assert.Equal(Context(2, 5), Assert.Single(cluster[2].ReadsFailed));
    }

    private static ReadContext Context(ulong origin, ulong sequence) => new(new RaftId(origin), 77, sequence);
}
