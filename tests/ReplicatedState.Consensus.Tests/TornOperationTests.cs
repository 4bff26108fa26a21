using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

/// <summary>A store writes the parts of an operation in order, hard state first, and a crash may leave any prefix of them.</summary>
public sealed class TornOperationTests
{
    [Fact]
    public void A_hard_state_that_survives_its_truncation_commits_nothing_that_was_about_to_go()
    {
        var cluster = new TestCluster(3);
        TestNode torn = cluster.Elect(1);
        ulong agreed = torn.Status.HardState.Commit;
        cluster.Isolate(1);
        torn.Propose("stale");
        cluster.TakeMessages();
        TestNode leader = cluster.ElectAfter(2, ticks: 12);
        leader.Propose("fresh");
        cluster.Settle();
        Assert.Contains("fresh", leader.Applied);

        cluster.Heal();
        torn.DiskIsSlow = true;
        for (int i = 0; i < 20 && torn.NextToSync is not { TruncateFrom: not null }; i++)
        {
            while (torn.NextToSync is { TruncateFrom: null })
                torn.SyncOne();
            cluster.Tick();
        }

        Assert.Equal(agreed + 1, torn.NextToSync?.TruncateFrom);
        torn.CrashAfterTheHardState();

        Assert.Equal(agreed, torn.Status.HardState.Commit);
        torn.DiskIsSlow = false;
        cluster.Tick(times: 40);
        Assert.Equal(["fresh"], torn.Applied);
    }

    [Fact]
    public void A_hard_state_that_survives_its_snapshot_commits_nothing_of_the_log_that_was_about_to_go()
    {
        var cluster = new TestCluster(3);
        TestNode torn = cluster.Elect(1);
        ulong agreed = torn.Status.HardState.Commit;
        cluster.Isolate(1);
        for (int i = 0; i < 5; i++)
            torn.Propose($"stale {i}");
        cluster.TakeMessages();
        TestNode leader = cluster.ElectAfter(2, ticks: 12);
        leader.Propose("fresh");
        cluster.Settle();

        var snapshot = new SnapshotMeta(leader.Status.HardState.Commit, leader.Status.HardState.Term, cluster.Configuration, 1, 1);
        torn.Step(new Message { Kind = MessageKind.Append, From = leader.Id, To = torn.Id, Term = leader.Status.HardState.Term, Log = leader.Status.Last });
        Assert.Equal(RaftRole.Follower, torn.Status.Role);
        torn.DiskIsSlow = true;
        Assert.True(torn.Core.OnSnapshotReceived(leader.Id, snapshot));
        torn.Pump();
        while (torn.NextToSync is { Snapshot: null })
            torn.SyncOne();
        Assert.Equal(snapshot, torn.NextToSync?.Snapshot);
        torn.CrashAfterTheHardState();
        Assert.Equal(agreed, torn.Status.HardState.Commit);
    }
}
