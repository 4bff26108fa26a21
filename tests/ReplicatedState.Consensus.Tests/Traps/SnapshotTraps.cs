using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class SnapshotTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("48", CoreMutant.SnapshotConfigurationIgnored)]
    public void A_snapshot_taken_in_a_joint_configuration_brings_it_along() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        var joint = new Configuration([Id(1), Id(2), Id(3)], [Id(1), Id(3)], []);
        OfferSnapshot(follower, from: 1, term: 2, new SnapshotMeta(10, 2, joint, ConfigIndex: 9, LogTimeMs: 5));
        Assert.Equal(joint, follower.Status.Configuration);
        follower.Crash();
        Assert.Equal(joint, follower.Status.Configuration);
    });

    [Fact, Trap("49", CoreMutant.ConfigurationOutlivesTruncation)]
    public void A_configuration_whose_entry_is_truncated_was_never_in_force() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode follower = cluster[3];
        Configuration next = cluster.Configuration with { Learners = [Id(4)] };
        var change = new Entry(2, 2, EntryKind.Config, 2, Payload.Of(ConfigurationCodec.Encode(next)));
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1) with { Entries = new[] { change } });
        Assert.Equal(next, follower.Status.Configuration);
        follower.Step(Append(from: 2, to: 3, term: 3, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 3)));
        Assert.Equal(cluster.Configuration, follower.Status.Configuration);
    });

    [Fact, Trap("55", CoreMutant.SnapshotCoveredByEarlierWrite)]
    public void The_end_of_an_earlier_write_does_not_cover_a_snapshot_on_its_way_to_the_disk() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode follower = cluster[3];
        follower.DiskIsSlow = true;
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2), new LogPosition(3, 2), new LogPosition(4, 2)));
        OfferSnapshot(follower, from: 2, term: 3, new SnapshotMeta(3, 3, cluster.Configuration, ConfigIndex: 1, LogTimeMs: 5));
        follower.SyncOne();
        Assert.Equal(0UL, follower.Status.Durable.Index);
        follower.Sync();
        Assert.Equal(new LogPosition(3, 3), follower.Status.Durable);
    });

    [Fact, Trap("55", CoreMutant.OldSnapshotInstalled)]
    public void A_snapshot_that_was_overtaken_is_not_installed() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode follower = cluster[3];
        var old = new SnapshotMeta(3, 2, cluster.Configuration, ConfigIndex: 1, LogTimeMs: 3);
        OfferSnapshot(follower, from: 1, term: 2, old with { Index = 10, LogTimeMs = 10 });
        OfferSnapshot(follower, from: 1, term: 2, old);
        Assert.Equal((new LogPosition(10, 2), 10UL), (follower.Status.Last, follower.Status.HardState.Commit));
    });

    [Fact, Trap("56", CoreMutant.ConflictingSnapshotAccepted)]
    public void A_snapshot_that_contradicts_what_is_committed_stops_the_node() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 2, new LogPosition(2, 2)));
        var forged = new SnapshotMeta(2, 1, follower.Status.Configuration, ConfigIndex: 1, LogTimeMs: 3);
        Assert.Throws<InvariantViolationException>(() => OfferSnapshot(follower, from: 1, term: 2, forged));
    });

    [Fact, Trap("57", CoreMutant.FailedSnapshotNeverRetried)]
    public void A_snapshot_that_failed_to_arrive_is_sent_again() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(3);
        leader.Propose("x");
        cluster.Settle();
        leader.Log.CompactTo(leader.AppliedIndex, cluster.Configuration, 1);
        leader.Core.OnCompacted();
        cluster.Heal();
        cluster.Tick(3);
        Assert.Single(leader.SnapshotNeeds);
        leader.Core.ReportSnapshot(Id(3), ok: false);
        cluster.Tick(3);
        Assert.Equal(2, leader.SnapshotNeeds.Count);
    });

    [Fact, Trap("58", CoreMutant.SnapshotAckBeforeDurable)]
    public void A_snapshot_is_acknowledged_only_when_the_disk_has_it() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode follower = cluster[3];
        follower.Step(new Message { Kind = MessageKind.Heartbeat, From = Id(1), To = Id(3), Term = 2, Commit = 1 });
        follower.Outbox.Clear();
        follower.DiskIsSlow = true;
        OfferSnapshot(follower, from: 1, term: 2, new SnapshotMeta(10, 2, cluster.Configuration, ConfigIndex: 1, LogTimeMs: 5));
        Assert.Empty(follower.Outbox);
        follower.Sync();
        Assert.Equal(10UL, Assert.Single(follower.Outbox, IsAcknowledgement).Log.Index);
    });

    private static void OfferSnapshot(TestNode to, int from, ulong term, SnapshotMeta snapshot)
    {
        to.Core.Step(new Message { Kind = MessageKind.Snapshot, From = Id(from), To = to.Id, Term = term, Snapshot = snapshot });
        to.Core.OnSnapshotReceived(Id(from), snapshot);
        to.Pump();
    }
}
