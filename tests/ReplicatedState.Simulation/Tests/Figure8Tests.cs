using ReplicatedState.Consensus;
using ReplicatedState.Testing;

namespace ReplicatedState.Simulation.Tests;

/// <summary>
/// Figure 8 of the Raft paper: an entry of an old term stands on a majority and is overwritten all the same, so a leader must not commit it by counting.
/// A swarm of random faults would hardly ever play all of its steps; here they are played one by one, under the observer's eyes.
/// </summary>
public sealed class Figure8Tests
{
    [Fact]
    public void An_old_entry_on_a_majority_is_not_committed_and_may_be_overwritten()
    {
        DirectedCluster cluster = PlayUntilTheOldEntryIsOnAMajority(CoreMutant.None);
        Assert.Equal(2UL, cluster.StatusOf(1).HardState.Commit);

        // S5 learns of term 4 and can still win term 5: its last entry is of a newer term than theirs.
        cluster.HeartbeatTo(1, 5);
        cluster.Campaign(5);
        cluster.DeliverAmong(5, 3, 4);
        Assert.Equal(RaftRole.Leader, cluster.StatusOf(5).Role);
        Assert.True(cluster.StatusOf(5).HardState.Commit > 3, "what S5 wrote over the old entry is committed");
    }

    [Fact]
    public void A_leader_that_commits_it_by_counting_is_caught()
    {
        var violation = Assert.Throws<SimulationViolationException>(() => PlayUntilTheOldEntryIsOnAMajority(CoreMutant.CommitOldTermByCount));
        Assert.Equal("I8", violation.Invariant);
    }

    private static DirectedCluster PlayUntilTheOldEntryIsOnAMajority(CoreMutant mutant)
    {
        var cluster = new DirectedCluster(5, new CoreConfig { Self = new RaftId(1), PreVote = false, CheckQuorum = false, AppendEntriesMax = 1, Mutant = mutant });

        // (a) S1 leads term 2. Its opening entry, 2/2, is everywhere; the command after it, 2/3, reaches S2 alone, and S1 doesn't hear of it.
        cluster.Campaign(1);
        cluster.DeliverAmong(1, 2, 3, 4, 5);
        Assert.Equal(2UL, cluster.StatusOf(5).HardState.Commit);
        cluster.Propose(1);
        cluster.DeliverOnly(1, 2);

        // (b) S5 is elected for term 3 by S3 and S4, and writes its own entry at 3, which reaches nobody.
        cluster.Campaign(5);
        cluster.DeliverVotes(5, 3, 4);
        Assert.Equal(RaftRole.Leader, cluster.StatusOf(5).Role);
        Assert.Equal(new LogPosition(3, 3), cluster.StatusOf(5).Last);
        cluster.DeliverAmong();

        // (c) S1 learns that it leads no more, wins term 4, and replicates the old entry to S3.
        cluster.HeartbeatTo(5, 1);
        cluster.Campaign(1);
        cluster.DeliverVotes(1, 2, 3);
        Assert.Equal(RaftRole.Leader, cluster.StatusOf(1).Role);
        Assert.Equal(4UL, cluster.StatusOf(1).HardState.Term);
        cluster.DeliverUntil(() => cluster.StatusOf(3).Last == new LogPosition(3, 2), 1, 2, 3);
        cluster.DeliverOnly(3, 1);
        Assert.Equal(new LogPosition(3, 2), cluster.StatusOf(3).Last);
        return cluster;
    }
}
