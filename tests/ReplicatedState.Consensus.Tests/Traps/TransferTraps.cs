using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class TransferTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("50", CoreMutant.TransferToLaggard)]
    public void A_member_that_is_behind_is_not_told_to_campaign() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.To == Id(3) && m.Kind == MessageKind.Append;
        leader.Propose("x");
        cluster.Settle();
        leader.Core.TransferLeadership(Id(3));
        leader.Pump();
        Assert.DoesNotContain(leader.Outbox, m => m.Kind == MessageKind.TimeoutNow);
    });

    [Fact, Trap("50", CoreMutant.ProposalDuringTransfer)]
    public void No_proposal_is_taken_while_leadership_is_being_handed_over() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind == MessageKind.TimeoutNow;
        leader.Core.TransferLeadership(Id(2));
        Assert.Equal(BusyReason.LeadershipTransfer, leader.Propose("x").Reason);
    });
}
