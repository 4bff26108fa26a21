using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Consensus.Tests.Traps;

public sealed class ReplicationTraps(ITestOutputHelper output) : TrapTests(output)
{
    [Fact, Trap("E10")]
    public void A_refusal_that_comes_twice_is_acted_on_once()
    {
        (TestCluster cluster, TestNode leader) = WithLogsOfManyTerms();
        Message refusal = default;
        cluster.Drop = m =>
        {
            if (m is { Kind: MessageKind.AppendResponse, Reject: true } && m.From == Id(3))
                refusal = m;
            return m.Kind == MessageKind.AppendResponse;
        };
        cluster.Tick();
        Assert.Equal(Id(3), refusal.From);
        leader.Step(refusal);
        ulong next = leader.Core.ProgressOf(Id(3))!.Value.Next;
        Assert.Single(cluster.TakeMessages());
        leader.Step(refusal);
        Assert.Equal(next, leader.Core.ProgressOf(Id(3))!.Value.Next);
        Assert.Empty(leader.Outbox);
    }

    [Fact, Trap("E10")]
    public void Logs_agree_after_as_many_refusals_as_they_differ_in_terms_and_not_in_entries()
    {
        (TestCluster cluster, TestNode leader) = WithLogsOfManyTerms();
        int refusals = 0;
        cluster.Drop = m =>
        {
            refusals += m is { Kind: MessageKind.AppendResponse, Reject: true } && m.From == Id(3) ? 1 : 0;
            return false;
        };
        cluster.Tick(5);
        Assert.Equal(leader.Status.Last, cluster[3].Status.Last);
        Assert.InRange(refusals, 2, 3);
    }

    [Fact, Trap("27")]
    public void A_member_that_is_being_probed_where_the_log_was_compacted_meanwhile_gets_a_snapshot()
    {
        TestCluster cluster = Plain(CoreMutant.None);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(3);
        for (int i = 0; i < 5; i++)
            leader.Propose($"c{i}");
        cluster.Settle();
        leader.Core.ReportUnreachable(Id(3)); // what was streamed is lost: its log is looked for
        leader.Pump();
        PeerProgress probed = leader.Core.ProgressOf(Id(3))!.Value;
        Assert.Equal((ProgressState.Probe, probed.Match + 1), (probed.State, probed.Next));
        leader.Log.CompactTo(leader.AppliedIndex, cluster.Configuration, 1);
        leader.Core.OnCompacted();
        cluster.Heal();
        cluster.Tick(2);
        Assert.Equal(Id(3), Assert.Single(leader.SnapshotNeeds).Follower);
        Assert.Equal(ProgressState.Snapshot, leader.Core.ProgressOf(Id(3))!.Value.State);
        Assert.True(leader.IsLeader);
    }

    [Fact, Trap("N2")]
    public void A_leader_whose_log_is_compacted_to_its_very_end_leads_on_and_replicates()
    {
        TestCluster cluster = Default(CoreMutant.None);
        TestNode leader = cluster.Elect(1);
        leader.Propose("before");
        cluster.Tick(2);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Log.CompactTo(node.AppliedIndex, cluster.Configuration, 1);
            node.Core.OnCompacted();
            Assert.Equal(node.Status.Last.Index + 1, node.Status.FirstIndex);
        }

        cluster.Tick(50);
        Assert.True(leader.IsLeader);
        leader.Propose("after");
        cluster.Tick(2);
        Assert.All(cluster.Nodes, node => Assert.Equal(["before", "after"], node.Applied));
        Assert.Empty(leader.SnapshotNeeds);
    }

    [Fact, Trap("17", CoreMutant.CommitOldTermByCount)]
    public void Entries_of_an_old_term_are_not_committed_by_counting_them() => Play(mutant =>
    {
        // Raft, figure 8, up to (c): an entry of term 2 is copied to a majority by the leader of a later term that has committed nothing of its own.
        var cluster = new TestCluster(5, config => config with { PreVote = false, CheckQuorum = false, AppendEntriesMax = 1, Mutant = mutant });
        cluster.Elect(1);
        cluster.Drop = m => m.To.Value is 3 or 4 or 5 || m.From.Value is 3 or 4 or 5;
        ulong index = cluster[1].Propose("old").FirstIndex; // reaches 2
        cluster.Settle();
        cluster[1].Crash();
        cluster.Drop = m => m.From.Value is 1 or 2 || m.To.Value is 1 or 2 || m.Kind == MessageKind.Append;
        cluster.Elect(5); // with the votes of 3 and 4; what it appends reaches nobody
        cluster.Drop = m => m.From.Value == 5 || m.To.Value == 5;
        while (cluster[1].Status.HardState.Term <= cluster[5].Status.HardState.Term)
        {
            cluster[1].Core.Campaign();
            cluster[1].Pump();
        }

        ulong term = cluster[1].Status.HardState.Term;
        cluster.Drop = m => m.From.Value == 5 || m.To.Value == 5 || IsOwnEntryThatFits(cluster, m, term);
        cluster.Settle();
        cluster.Tick(3);
        Assert.True(cluster[1].IsLeader);
        Assert.Equal(2UL, cluster[3].Log.TermAt(index)); // the old entry did reach a majority
        Assert.True(cluster[1].Status.HardState.Commit < index, "the old entry is not committed by its copies");
    });

    [Fact, Trap("18", CoreMutant.ShortAppendTruncates)]
    [Trap("S2")]
    public void A_late_and_short_append_cuts_nothing_off() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        Message late = Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2));
        follower.Step(late);
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(2, 2), commit: 1, new LogPosition(3, 2), new LogPosition(4, 2)));
        follower.Step(late);
        Assert.Equal(new LogPosition(4, 2), follower.Status.Last);
    });

    [Fact, Trap("22", CoreMutant.StaleAckCounted)]
    public void An_acknowledgement_given_to_an_earlier_leader_counts_for_nobody_else() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        cluster.Elect(1).Crash();
        cluster.Drop = m => m.Kind == MessageKind.Append;
        TestNode leader = cluster.Elect(1);
        LogPosition own = leader.Status.Last;
        // In the earlier term 2 had another entry here, which it lost since.
        leader.Step(new Message { Kind = MessageKind.AppendResponse, From = Id(2), To = Id(1), Term = own.Term - 1, Log = new LogPosition(own.Index, 0) });
        Assert.True(leader.Status.HardState.Commit < own.Index, "the leader alone has its entry");
    });

    [Fact, Trap("22", CoreMutant.LateAckRewindsMatch)]
    [Trap("21")]
    public void A_late_acknowledgement_takes_nothing_back() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode leader = cluster.Elect(1);
        leader.Propose("x");
        cluster.Settle();
        ulong last = leader.Status.Last.Index;
        leader.Step(new Message { Kind = MessageKind.AppendResponse, From = Id(2), To = Id(1), Term = leader.Status.HardState.Term, Log = new LogPosition(last - 1, 0) });
        Assert.Equal(last, leader.Core.ProgressOf(Id(2))!.Value.Match);
    });

    [Fact, Trap("23", CoreMutant.HeartbeatCommitUncapped)]
    public void A_heartbeat_commits_no_more_than_the_follower_is_known_to_have() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.To == Id(3) && m.Kind == MessageKind.Append;
        leader.Propose("x");
        cluster.Settle();
        cluster.Tick(2);
        Assert.True(cluster[3].Status.HardState.Commit < leader.Status.HardState.Commit);
    });

    [Fact, Trap("24", CoreMutant.UnsortedMatches)]
    public void What_the_second_voter_alone_has_is_not_committed() => Play(OneCopyAtAFollowerAndNoneOnTheLeadersDisk);

    [Fact, Trap("26", CoreMutant.CompactedPositionRefused)]
    public void An_append_from_below_what_is_compacted_away_is_acknowledged_and_costs_nothing() => Play(mutant =>
    {
        TestCluster cluster = Plain(mutant);
        TestNode leader = cluster.Elect(1);
        leader.Propose("first");
        Message late = cluster.TakeMessages().Single(m => m.To == Id(2) && m.Entries.Length > 0);
        cluster.Deliver(late);
        for (int i = 0; i < 5; i++)
            leader.Propose($"c{i}");
        cluster.Settle();
        cluster.Tick(2);
        TestNode follower = cluster[2];
        follower.Log.CompactTo(follower.AppliedIndex, cluster.Configuration, 1);
        follower.Core.OnCompacted();
        LogPosition last = follower.Status.Last;
        follower.Step(late);
        Assert.Equal(follower.Status.HardState.Commit, Assert.Single(follower.Outbox, IsAcknowledgement).Log.Index);
        Assert.Equal(last, follower.Status.Last);
    });

    [Fact, Trap("28", CoreMutant.EmptyAppendUnchecked)]
    public void An_append_without_entries_shows_a_conflict_too() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2)));
        follower.Outbox.Clear();
        follower.Step(Append(from: 2, to: 3, term: 3, after: new LogPosition(2, 3), commit: 1));
        Assert.True(Assert.Single(follower.Outbox, m => m.Kind == MessageKind.AppendResponse).Reject);
    });

    [Fact, Trap("29", CoreMutant.CommitBeyondVerified)]
    [Trap("S1")]
    public void A_follower_commits_no_more_than_its_leader_has_verified() => Play(mutant =>
    {
        TestNode follower = Plain(mutant)[3];
        follower.Step(Append(from: 1, to: 3, term: 2, after: new LogPosition(1, 1), commit: 1, new LogPosition(2, 2)));
        // The leader of term 3 has committed its own entry 2; this follower's is another.
        follower.Step(Append(from: 2, to: 3, term: 3, after: new LogPosition(1, 1), commit: 2));
        Assert.Equal(1UL, follower.Status.HardState.Commit);
    });

    [Fact, Trap("30", CoreMutant.WindowNeverReopens)]
    public void A_window_of_lost_appends_opens_again() => Play(mutant =>
    {
        var cluster = new TestCluster(3, config => config with { InflightMessagesMax = 2, Mutant = mutant });
        TestNode leader = cluster.Elect(1);
        leader.Propose("streaming");
        cluster.Settle();
        cluster.Drop = m => m.Kind == MessageKind.Append;
        for (int i = 0; i < 5; i++)
            leader.Propose($"lost{i}");
        cluster.Settle();
        cluster.Heal();
        cluster.Tick(5);
        Assert.Equal(0, leader.Core.ProgressOf(Id(2))!.Value.InflightMessages);
        leader.Propose("after");
        cluster.Tick(5);
        Assert.All(cluster.Nodes, node => Assert.Contains("after", node.Applied));
    });

    [Fact, Trap("31", CoreMutant.LostProbeNeverRepeated)]
    public void A_member_whose_probe_was_lost_is_probed_again_in_an_idle_cluster() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        cluster.Drop = m => m.To == Id(3) && m.Kind == MessageKind.Append;
        TestNode leader = cluster.Elect(1);
        cluster.Heal();
        cluster.Tick(5);
        Assert.Equal(leader.Status.Last, cluster[3].Status.Last);
    });

    [Fact, Trap("32", CoreMutant.UncommittedBytesLeak)]
    public void Bytes_of_proposals_that_another_leader_overwrote_are_not_counted_any_more() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(1);
        leader.Propose("lost");
        cluster.TakeMessages();
        cluster.ElectAfter(2, ticks: 12);
        cluster.Heal();
        cluster.Tick(5);
        Assert.Equal(cluster[2].Status.Last, leader.Status.Last);
        Assert.Equal(0, leader.Status.UncommittedBytes);
    });

    [Fact, Trap("33", CoreMutant.CommitRegresses)]
    public void A_late_message_takes_no_commit_index_back() => Play(mutant =>
    {
        TestCluster cluster = Default(mutant);
        TestNode leader = cluster.Elect(1);
        cluster.Tick();
        ulong commit = cluster[2].Status.HardState.Commit;
        cluster[2].Step(new Message { Kind = MessageKind.Heartbeat, From = Id(1), To = Id(2), Term = leader.Status.HardState.Term, Commit = commit - 1 });
        Assert.Equal(commit, cluster[2].Status.HardState.Commit);
    });

    [Fact, Trap("25", CoreMutant.OwnEntryCountsBeforeDurable)]
    public void A_leader_does_not_count_its_own_entry_before_its_disk_has_it() => Play(OneCopyAtAFollowerAndNoneOnTheLeadersDisk);

    [Fact, Trap("S8", CoreMutant.OwnDiskCommitsNothing)]
    [Trap("15")]
    public void A_single_voter_commits_by_its_own_disk_alone() => Play(mutant =>
    {
        TestNode alone = Default(mutant, nodes: 1).Elect(1);
        alone.Propose("x");
        Assert.Contains("x", alone.Applied);
    });

    private static void OneCopyAtAFollowerAndNoneOnTheLeadersDisk(CoreMutant mutant)
    {
        TestCluster cluster = Plain(mutant);
        TestNode leader = cluster.Elect(1);
        ulong commit = leader.Status.HardState.Commit;
        leader.DiskIsSlow = true;
        cluster.Drop = m => m.To == Id(3);
        leader.Propose("x");
        cluster.Settle();
        Assert.Equal(commit, leader.Status.HardState.Commit);
        leader.Sync();
        Assert.Equal(commit + 1, leader.Status.HardState.Commit);
    }

    private static bool IsOwnEntryThatFits(TestCluster cluster, Message m, ulong term) =>
        m.Kind == MessageKind.Append && m.Entries.Length > 0 && m.Entries.Span[0].Term == term && cluster[(int)m.To.Value].Status.Last.Index >= m.Log.Index;

    /// <summary>3 and 1 have led in turn, three times each, with seven entries a term that reached nobody; now 1 leads.</summary>
    private static (TestCluster Cluster, TestNode Leader) WithLogsOfManyTerms()
    {
        TestCluster cluster = Plain(CoreMutant.None);
        cluster.Drop = m => m.Kind == MessageKind.Append;
        for (int turn = 0; turn < 6; turn++)
        {
            TestNode leader = cluster.Elect(turn % 2 == 0 ? 3 : 1);
            for (int entry = 0; entry < 6; entry++)
                leader.Propose($"{turn} {entry}");
            cluster.Settle();
        }

        cluster.Heal();
        return (cluster, cluster[1]);
    }
}
