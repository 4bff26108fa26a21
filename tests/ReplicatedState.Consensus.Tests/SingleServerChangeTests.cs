using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

/// <summary>
/// The three schedules that Diego Ongaro published in 2015 against single-server changes as the dissertation first described them (trap 45): a change that an old
/// leader left uncommitted, and one that a new leader commits without having committed anything in its term, have majorities that don't overlap.
/// </summary>
public sealed class SingleServerChangeTests
{
    private static readonly ConfigChange Add5 = ConfigChange.Promote(new RaftId(5));
    private static readonly ConfigChange Add6 = ConfigChange.Promote(new RaftId(6));
    private static readonly ConfigChange Remove1 = ConfigChange.Remove(new RaftId(1));
    private static readonly ConfigChange Remove2 = ConfigChange.Remove(new RaftId(2));

    [Fact, Trap("45")]
    public void One_is_added_and_another_is_added() => Play(Add5, reachedBefore: [1, 5], Add6, reachedAfter: [2, 3, 6], comeback: [1, 4, 5]);

    [Fact, Trap("45")]
    public void One_is_added_and_another_is_removed() => Play(Add5, reachedBefore: [1, 5], Remove1, reachedAfter: [2, 3], comeback: [1, 4, 5]);

    [Fact, Trap("45")]
    public void One_is_removed_and_another_is_removed() => Play(Remove2, reachedBefore: [1], Remove1, reachedAfter: [2, 3], comeback: [1, 4]);

    private static void Play(ConfigChange before, int[] reachedBefore, ConfigChange after, int[] reachedAfter, int[] comeback)
    {
        var cluster = new TestCluster(4, config => config with { PreVote = false, CheckQuorum = false, MayAddVotersUnseen = true });
        cluster.AddEmpty(5);
        cluster.AddEmpty(6);
        TestNode first = cluster.Elect(1);
        cluster.ConnectOnly(reachedBefore);
        Assert.Equal(ConfigOutcome.Accepted, first.ProposeConfig(before).Outcome);
        cluster.Settle();
        Assert.True(first.ConfigIndex > first.Status.HardState.Commit);

        // The second leader is elected by the old configuration, and changes it before anything of its own is committed: refused.
        cluster.Drop = m => m.Kind == MessageKind.Append || m.From == first.Id || m.To == first.Id || m.From.Value > 4 || m.To.Value > 4;
        TestNode second = cluster.Elect(2);
        Assert.Equal(ConfigRefusal.NothingCommittedInTerm, second.ProposeConfig(after).Reason);

        // When its first entry is committed, by a majority of the old configuration, the change is taken and committed.
        cluster.ConnectOnly(2, 3, 4);
        cluster.Tick(2);
        Assert.Equal(second.Status.Last.Index, second.Status.HardState.Commit);
        cluster.ConnectOnly(reachedAfter);
        Assert.Equal(ConfigOutcome.Accepted, second.ProposeConfig(after).Outcome);
        cluster.Settle();
        ulong changed = second.ConfigIndex;
        Assert.True(changed <= second.Status.HardState.Commit);

        // The first leader would win by its own configuration, if that first entry didn't stand against it.
        first.Crash();
        cluster.ConnectOnly(comeback);
        for (int i = 0; i < 3; i++)
        {
            first.Core.Campaign();
            first.Pump();
            cluster.Settle();
            Assert.False(first.IsLeader);
        }

        cluster.Heal();
        cluster.Tick(100);
        Assert.Equal(second.Status.Configuration, cluster[3].Status.Configuration);
        Assert.Equal(second.Log[changed].Position, cluster[3].Log[changed].Position);
    }
}
