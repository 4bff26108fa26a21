using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

public sealed class ReplicationTests
{
    [Fact]
    public void A_command_is_applied_everywhere_in_the_same_order()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(2);
        for (int i = 0; i < 20; i++)
            Assert.Equal(ProposeOutcome.Accepted, leader.Propose($"c{i}").Outcome);
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.Equal(Enumerable.Range(0, 20).Select(i => $"c{i}"), node.Applied));
    }

    [Fact]
    public void Appends_leave_before_the_leaders_own_disk_has_them_and_others_may_commit_without_it()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.DiskIsSlow = true;
        ulong index = leader.Propose("x").FirstIndex;
        cluster.Settle();
        Assert.Equal(index, leader.Status.HardState.Commit);
        Assert.DoesNotContain("x", leader.Applied); // committed, but not durable here yet
        Assert.Contains("x", cluster[2].Applied);
        leader.Sync();
        Assert.Contains("x", leader.Applied);
    }

    [Fact]
    public void A_leader_counts_its_own_copy_only_when_it_is_durable()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        ulong committed = leader.Status.HardState.Commit;
        leader.DiskIsSlow = true;
        cluster.Drop = m => m.To.Value == 3;
        leader.Propose("x");
        cluster.Settle(); // one follower has it
        Assert.Equal(committed, leader.Status.HardState.Commit);
        leader.Sync();
        Assert.Equal(committed + 1, leader.Status.HardState.Commit);
    }

    [Fact]
    public void A_single_voter_commits_nothing_before_its_disk_has_it()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Elect(1);
        node.DiskIsSlow = true;
        node.Propose("x");
        Assert.DoesNotContain("x", node.Applied);
        node.Sync();
        Assert.Contains("x", node.Applied);
    }

    [Fact]
    public void A_follower_acknowledges_only_what_its_disk_has()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        cluster[2].DiskIsSlow = true;
        leader.Propose("x");
        foreach (Message m in cluster.TakeMessages())
            cluster.Deliver(m);
        Assert.DoesNotContain(cluster[2].Outbox, m => m.Kind == MessageKind.AppendResponse);
        cluster[2].Sync();
        Assert.Contains(cluster[2].Outbox, m => m is { Kind: MessageKind.AppendResponse, Reject: false });
    }

    [Fact]
    public void A_late_short_append_cuts_nothing_off()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Propose("a");
        Message late = cluster.TakeMessages().First(m => m.To.Value == 2 && m.Entries.Length > 0);
        cluster[2].Step(late);
        leader.Propose("b");
        leader.Propose("c");
        cluster.Settle();
        cluster.Tick(2);
        LogPosition last = cluster[2].Status.Last;
        cluster[2].Step(late);
        Assert.Equal(last, cluster[2].Status.Last);
    }

    [Fact]
    public void A_conflicting_tail_is_replaced_and_never_applied()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Isolate(1);
        cluster[1].Propose("lost1");
        cluster[1].Propose("lost2");
        cluster.TakeMessages();
        cluster.ElectAfter(2, ticks: 12);
        cluster[2].Propose("kept");
        cluster.Settle();
        cluster.Heal();
        cluster.Tick(5);
        Assert.All(cluster.Nodes, node => Assert.Equal(["kept"], node.Applied));
    }

    [Fact]
    public void A_follower_commits_no_more_than_this_leader_has_verified()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Isolate(1);
        cluster[1].Propose("divergent");
        cluster.TakeMessages();
        ulong commit = cluster[1].Status.HardState.Commit;
        ulong term = cluster[1].Status.HardState.Term + 1;
        cluster[1].Step(new Message { Kind = MessageKind.Append, From = new RaftId(2), To = new RaftId(1), Term = term, Log = new LogPosition(commit, cluster[1].Log.TermAt(commit)), Commit = commit + 1 });
        Assert.Equal(commit, cluster[1].Status.HardState.Commit);
    }

    [Fact]
    public void Old_acknowledgements_do_not_cover_entries_that_were_rewritten()
    {
        // etcd's append ABA: 1/x is on its way to the disk, 2/y replaces it, 3 writes 1/x back. The first sync must count for nothing.
        var cluster = new TestCluster(3);
        TestNode node = cluster[3];
        node.DiskIsSlow = true;
        node.Step(AppendOne(from: 1, term: 2, entryTerm: 2));
        node.Step(AppendOne(from: 2, term: 3, entryTerm: 3));
        node.Step(AppendOne(from: 1, term: 4, entryTerm: 2, second: 4));
        Assert.Equal(1UL, node.Status.Durable.Index);
        int operations = node.UnsyncedOperations;
        Assert.Equal(3, operations);
        node.SyncOne();
        Assert.Equal(1UL, node.Status.Durable.Index);
        node.SyncOne();
        Assert.Equal(1UL, node.Status.Durable.Index);
        node.SyncOne();
        Assert.Equal(new LogPosition(3, 4), node.Status.Durable);
    }

    [Fact]
    public void Acknowledgements_that_come_twice_late_or_in_disorder_move_nothing_back()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        List<Message> answers = [];
        for (int i = 0; i < 5; i++)
        {
            leader.Propose($"c{i}");
            foreach (Message m in cluster.TakeMessages())
                cluster.Deliver(m);
            answers.AddRange(cluster[2].Outbox.Where(m => m.Kind == MessageKind.AppendResponse));
            cluster.Settle();
        }

        PeerProgress before = leader.Core.ProgressOf(new RaftId(2))!.Value;
        foreach (Message answer in answers.AsEnumerable().Reverse().Concat(answers))
            leader.Step(answer);
        PeerProgress after = leader.Core.ProgressOf(new RaftId(2))!.Value;
        Assert.Equal(before.Match, after.Match);
        Assert.Equal(before.Next, after.Next);
        Assert.Equal(0, after.InflightMessages);
    }

    [Fact]
    public void The_window_of_appends_is_bounded_and_opens_again()
    {
        var cluster = new TestCluster(3, config => config with { InflightMessagesMax = 3 });
        TestNode leader = cluster.Elect(1);
        cluster.Drop = m => m.To.Value == 2 || m.To.Value == 3;
        for (int i = 0; i < 10; i++)
            leader.Propose($"c{i}");
        PeerProgress paused = leader.Core.ProgressOf(new RaftId(2))!.Value;
        Assert.Equal(3, paused.InflightMessages);
        Assert.True(paused.Paused);
        cluster.TakeMessages();
        cluster.Heal();
        cluster.Tick(5);
        Assert.All(cluster.Nodes, node => Assert.Equal(10, node.Applied.Count));
        Assert.Equal(0, leader.Core.ProgressOf(new RaftId(2))!.Value.InflightMessages);
    }

    [Fact]
    public void A_leader_that_has_too_much_uncommitted_says_busy_and_recovers()
    {
        var cluster = new TestCluster(3, config => config with { UncommittedBytesMax = 200 });
        TestNode leader = cluster.Elect(1);
        cluster.Isolate(1);
        Assert.Equal(ProposeOutcome.Accepted, leader.Propose(new string('a', 150)).Outcome);
        ProposeResult refused = leader.Propose(new string('b', 150));
        Assert.Equal((ProposeOutcome.Busy, BusyReason.UncommittedBytes), (refused.Outcome, refused.Reason));
        cluster.TakeMessages();
        cluster.Heal();
        cluster.Tick(3);
        Assert.Equal(0, leader.Status.UncommittedBytes);
        Assert.Equal(ProposeOutcome.Accepted, leader.Propose("c").Outcome);
    }

    [Fact]
    public void A_core_whose_disk_failed_does_nothing_any_more()
    {
        var cluster = new TestCluster(3);
        TestNode leader = cluster.Elect(1);
        leader.Core.OnPersistFailed(1);
        Assert.True(leader.Status.Halted);
        Assert.Equal(ProposeOutcome.NotLeader, leader.Propose("x").Outcome);
        leader.Tick(100);
        Assert.Empty(leader.Outbox);
    }

    [Fact]
    public void Log_time_never_goes_back_and_follows_the_median_of_the_voters()
    {
        var cluster = new TestCluster(3);
        cluster[1].Core.Clock = new ClockReading(9_000_000, 0); // runs ahead of the others, which show 1 000 000
        TestNode leader = cluster.Elect(1);
        leader.Propose("x");
        cluster.Settle();
        long first = leader.Status.LastLogTimeMs;
        Assert.InRange(first, 1_000_000, 1_000_100);
        leader.Core.Clock = new ClockReading(9_000_000, 50);
        leader.Propose("y");
        Assert.InRange(leader.Status.LastLogTimeMs, first, 1_000_050);
    }

    private static Message AppendOne(ulong from, ulong term, ulong entryTerm, ulong? second = null)
    {
        List<Entry> entries = [new Entry(2, entryTerm, EntryKind.NoOp, 2, Payload.Empty)];
        if (second is { } next)
            entries.Add(new Entry(3, next, EntryKind.NoOp, 3, Payload.Empty));
        return new Message
        {
            Kind = MessageKind.Append,
            From = new RaftId(from),
            To = new RaftId(3),
            Term = term,
            Log = new LogPosition(1, 1),
            Entries = entries.ToArray(),
            Commit = 1,
        };
    }
}
