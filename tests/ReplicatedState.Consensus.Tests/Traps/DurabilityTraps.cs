using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class DurabilityTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("S3", CoreMutant.AckBeforeDurable)]
    public void A_follower_acknowledges_nothing_that_a_crash_can_undo() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        follower.Step(Heartbeat(from: 1, term: 2));
        follower.Outbox.Clear();
        follower.DiskIsSlow = true;
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2)));
        Assert.DoesNotContain(follower.Outbox, IsAcknowledgement);
        follower.Sync();
        Assert.Single(follower.Outbox, IsAcknowledgement);
    });

    [Fact, Trap("19", CoreMutant.StaleDurableAfterTruncation)]
    public void What_replaces_durable_entries_is_not_durable_by_that() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2)));
        follower.Step(Heartbeat(from: 2, term: 3));
        follower.Outbox.Clear();
        follower.DiskIsSlow = true;
        follower.Step(Append(from: 2, to: 3, term: 3, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 3)));
        Assert.DoesNotContain(follower.Outbox, IsAcknowledgement);
        Assert.Equal(new LogPosition(1, 1), follower.Status.Durable);
    });

    [Fact, Trap("20", CoreMutant.AppendAba)]
    public void The_end_of_an_old_write_does_not_cover_what_was_rewritten_meanwhile() => Play(mutant =>
    {
        // 2/2 is on its way to the disk, 3/2 replaces it, a third leader writes 2/2 back: the first two syncs must count for nothing.
        TestNode follower = Plain(mutant)[3];
        follower.DiskIsSlow = true;
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2)));
        follower.Step(Append(from: 2, to: 3, term: 3, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 3)));
        follower.Step(Append(from: 1, to: 3, term: 4, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2), new LogPosition(3, 4)));
        follower.SyncOne();
        Assert.Equal(1UL, follower.Status.Durable.Index);
        follower.SyncOne();
        Assert.Equal(1UL, follower.Status.Durable.Index);
        follower.SyncOne();
        Assert.Equal(new LogPosition(3, 4), follower.Status.Durable);
    });

    [Fact, Trap("34", CoreMutant.VoteWithoutSync)]
    public void A_new_term_or_vote_alone_asks_for_a_sync() => Play(mutant =>
    {
        RaftCore core = Plain(mutant)[3].Core;
        var effects = new Effects();
        core.Step(VoteRequest(from: 1, to: 3, term: 2));
        core.TakeEffects(effects);
        Assert.True(effects.Persist!.MustSync);
    });

    [Fact, Trap("S4", CoreMutant.TruncationNotPersisted)]
    public void What_is_truncated_is_gone_from_the_disk_too() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2), new LogPosition(3, 2)));
        follower.Step(Append(from: 2, to: 3, term: 3, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 3)));
        follower.Crash();
        Assert.Equal(new LogPosition(2, 3), follower.Status.Last);
    });

    [Fact, Trap("2", CoreMutant.TermAfterEntries)]
    public void Whatever_part_of_its_writes_a_voter_keeps_it_overwrites_nothing_that_was_committed_in_a_term_it_had_entered() => Play(mutant =>
    {
        // What reaches the disk is a beginning of what was written: so many whole operations, and of the next one its hard state or nothing.
        for (int operations = 0; operations < 3; operations++)
        {
            CrashOfAVoterThatHearsOfATermByItsEntries(mutant, operations, andTheHardState: false);
            CrashOfAVoterThatHearsOfATermByItsEntries(mutant, operations, andTheHardState: true);
        }
    });

    /// <summary>Openraft's timeline of five nodes: 1 leads an old term with 2 and 3; 5 leads a new one by the votes of 4 and 2; 3 hears of it by its first entry, and crashes.</summary>
    private static void CrashOfAVoterThatHearsOfATermByItsEntries(CoreMutant mutant, int operations, bool andTheHardState)
    {
        TestCluster cluster = Plain(mutant, nodes: 5);
        cluster.Drop = m => m.From.Value > 3 || m.To.Value > 3 || m.Kind == MessageKind.Append;
        TestNode old = cluster.Elect(1);
        Message first = default;
        cluster.Drop = m =>
        {
            if (m.Kind == MessageKind.Append && m.To == Id(3))
                first = m;
            return m.From.Value is 1 or 3 || m.To.Value is 1 or 3 || m.Kind == MessageKind.Append;
        };
        TestNode leader = cluster[5];
        while (!leader.IsLeader)
        {
            leader.Core.Campaign();
            leader.Pump();
            cluster.Settle();
        }

        LogPosition entry = leader.Status.Last;

        TestNode voter = cluster[3];
        voter.DiskIsSlow = true;
        voter.Step(first);
        for (int i = 0; i < operations && voter.UnsyncedOperations > 0; i++)
            voter.SyncOne();
        cluster.ConnectOnly(3, 4, 5);
        cluster.Settle();
        cluster.Tick(2);
        bool isCommitted = leader.Status.HardState.Commit >= entry.Index;
        if (andTheHardState && voter.NextToSync is not null)
            voter.CrashAfterTheHardState();
        else
            voter.Crash();
        voter.DiskIsSlow = false;

        // The old leader knows nothing of all that, and goes on with its own entry for the same index.
        Assert.Equal(entry.Index, old.Status.Last.Index);
        cluster.ConnectOnly(1, 2, 3);
        cluster.Tick(3);
        Assert.True(old.Status.HardState.Commit < entry.Index, "the old leader commits nothing where the new one may have");
        Assert.True(!isCommitted || voter.Log.TermAt(entry.Index) == entry.Term, "what was committed with this voter's word is still here");
    }

    private static Message Heartbeat(int from, ulong term) => new() { Kind = MessageKind.Heartbeat, From = Id(from), To = Id(3), Term = term, Commit = 1 };
}
