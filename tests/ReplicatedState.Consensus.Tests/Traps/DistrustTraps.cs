using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class DistrustTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("22", CoreMutant.LostEntriesUnnoticed)]
    public void A_member_whose_disk_went_back_in_time_says_so_and_votes_and_appends_no_more() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        DurableLog backup = cluster[3].Disk.Clone();
        leader.Propose("x");
        cluster.Settle();
        ulong acknowledged = leader.Status.Last.Index;
        cluster[3].Restore(backup);
        ulong left = cluster[3].Status.Last.Index;
        cluster.Tick(3);
        Assert.Equal([new LostEntries(Id(1), acknowledged, left)], cluster[3].LostEntries);
        Assert.True(leader.Core.ProgressOf(Id(3))!.Value.HasLostEntries);
        leader.Propose("y");
        cluster.Settle();
        Assert.Equal(left, cluster[3].Status.Last.Index);
        cluster[3].Step(VoteRequest(from: 2, to: 3, leader.Status.HardState.Term + 1, leader.Status.Last) with { LeadershipTransfer = true });
        Assert.DoesNotContain(cluster[3].Outbox, IsGrant);
    });

    [Fact, Trap("22", CoreMutant.LostEntriesCounted)]
    public void What_a_member_acknowledged_and_lost_commits_nothing() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        DurableLog backup = cluster[3].Disk.Clone();
        leader.DiskIsSlow = true;
        cluster.Drop = m => m.To == Id(2) && m.Kind == MessageKind.Append;
        ulong index = leader.Propose("x").FirstIndex;
        cluster.Settle();
        Assert.Equal(index, leader.Core.ProgressOf(Id(3))!.Value.Match);
        cluster[3].Restore(backup);
        cluster.Tick(3);
        leader.Sync();
        cluster.Settle();
        Assert.True(leader.Status.HardState.Commit < index, "the leader alone has its entry");
        cluster.Heal();
        cluster.Tick(3);
        Assert.True(leader.Status.HardState.Commit >= index, "two of three have it");
    });

    [Fact, Trap("61", CoreMutant.DivergedLeaderStays)]
    public void A_leader_that_must_not_lead_any_more_steps_down_although_nobody_takes_over() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.Kind is MessageKind.TimeoutNow;
        leader.Core.AllowLeading(false);
        cluster.Tick(25);
        Assert.False(leader.IsLeader);
        cluster.Heal();
        cluster.Tick(100);
        Assert.False(leader.IsLeader);
        Assert.Contains(cluster.Nodes, node => node.IsLeader);
    });
}
