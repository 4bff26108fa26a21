using ReplicatedState.Consensus.Tests.Harness;

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

    [Fact]
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

    [Fact]
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

    [Fact]
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

    [Fact]
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

    private static ReadContext Context(ulong origin, ulong sequence) => new(new RaftId(origin), 77, sequence);
}
