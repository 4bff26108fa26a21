using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class ReadTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("14", CoreMutant.ReadQuorumTooSmall)]
    public void A_leader_that_a_majority_left_answers_no_read() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(1);
        Read(leader, 1);
        cluster.Settle();
        Assert.Empty(leader.Reads);
    });

    [Fact, Trap("37", CoreMutant.ReadBeforeCommitInTerm)]
    public void A_new_leader_answers_no_read_before_it_has_committed_in_its_term() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode first = cluster.Elect(1);
        cluster.Drop = m => m.To == Id(2) && m.Kind == MessageKind.Heartbeat;
        ulong acknowledged = first.Propose("x").FirstIndex;
        foreach (Message m in cluster.TakeMessages())
            cluster.Deliver(m);
        foreach (Message m in cluster.TakeMessages())
            cluster.Deliver(m); // 1 knows that x is committed, the others don't yet
        Assert.Equal(acknowledged, first.Status.HardState.Commit);
        cluster.TakeMessages();
        cluster.Drop = m => m.Kind == MessageKind.Append;
        TestNode second = cluster.Elect(2);
        Read(second, 1);
        cluster.Settle();
        cluster.Heal();
        cluster.Tick(3);
        Assert.True(Assert.Single(second.Reads).Index >= acknowledged, "the read sees what was acknowledged before it");
    });

    [Fact, Trap("38", CoreMutant.ReadRoundReused)]
    public void A_late_answer_to_an_earlier_round_confirms_no_later_read() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        Read(leader, 1);
        cluster.Settle();
        Assert.Single(leader.Reads);
        cluster.Isolate(1); // others may be electing and committing by now
        Read(leader, 2);
        cluster.Settle();
        leader.Step(new Message { Kind = MessageKind.HeartbeatResponse, From = Id(2), To = Id(1), Term = leader.Status.HardState.Term, ReadRound = 1 });
        Assert.Single(leader.Reads);
    });

    [Fact, Trap("39", CoreMutant.ReadDuringTransfer)]
    public void Nobody_is_answered_while_leadership_is_being_handed_over() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(Id(2));
        Read(leader, 1);
        cluster.Settle();
        Assert.Empty(leader.Reads);
        Assert.Single(leader.ReadsFailed);
    });

    [Fact, Trap("43", CoreMutant.PendingReadsForgotten)]
    public void A_leader_that_steps_down_refuses_the_reads_that_wait() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(1);
        Read(leader, 1);
        leader.Tick(30);
        Assert.False(leader.IsLeader);
        Assert.Single(leader.ReadsFailed);
    });

    private static void Read(TestNode node, ulong sequence)
    {
        node.Core.RequestRead(new ReadContext(node.Id, 77, sequence));
        node.Pump();
    }
}
