using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Timers;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class TimerTests
{
    private readonly Replica _replica = new();

    public TimerTests() => _replica.Apply(EntryKind.NoOp);

    [Theory]
    [InlineData(EntryKind.Tick)]
    [InlineData(EntryKind.NoOp)]
    [InlineData(EntryKind.OpenSession)]
    public void A_timer_fires_before_the_first_entry_whose_time_has_come_whatever_that_is_and_once(EntryKind kind)
    {
        Schedule(500, Tally.Add("a", 1));
        _replica.NowMs += 499;
        _replica.Apply(kind);
        Assert.Equal((0, 1), (_replica.Total("a"), _replica.Machine.TimerCount));
        _replica.NowMs += 1;
        ulong index = _replica.Apply(kind)!.Index;
        Assert.Equal(1, _replica.Total("a"));
        (ulong timer, Answer answer) = Assert.Single(_replica.Fired);
        Assert.Equal((1UL, index, ReplyStatus.Ok), (timer, answer.Index, answer.Status));
        _replica.NowMs += 10_000;
        _replica.Apply(kind);
        Assert.Equal((1, 0), (_replica.Total("a"), _replica.Machine.TimerCount));
    }

    [Fact]
    public void The_entrys_own_command_sees_what_the_timer_left()
    {
        Schedule(500, Tally.Add("a", 1));
        _replica.NowMs += 500;
        Assert.Equal(11, _replica.CallOnce(Tally.Add("a", 10))!.Number);
    }

    [Fact]
    public void A_replica_that_halts_before_an_entry_keeps_the_hash_of_the_last_one_whatever_timers_fired_between()
    {
        Schedule(500, Tally.Add("a", 1));
        (ulong index, UInt128 hash) = (_replica.Machine.AppliedIndex, _replica.Machine.ApplyHash);
        var version = new byte[VersionPayload.Size(99)];
        VersionPayload.Write(version, 99);
        _replica.NowMs += 500;
        Assert.Null(_replica.Apply(EntryKind.Version, version));
        Assert.Single(_replica.Fired);
        Assert.Contains("machine version 99 is in effect", Assert.Single(_replica.Halts), StringComparison.Ordinal);
        Assert.Equal((index, hash), (_replica.Machine.AppliedIndex, _replica.Machine.ApplyHash));
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_time_and_then_in_that_in_which_they_were_set()
    {
        Schedule(500, Tally.Add("late", 1));
        Schedule(400, Tally.Add("early", 1));
        Schedule(500, Tally.Add("late too", 1));
        _replica.NowMs += 500;
        _replica.Apply(EntryKind.Tick);
        Assert.Equal([2UL, 1UL, 3UL], _replica.Fired.Select(fired => fired.Timer));
    }

    [Fact]
    public void A_timers_command_knows_its_timer_the_entry_and_on_whose_behalf_it_runs_and_draws_other_numbers_than_the_entrys_own()
    {
        _replica.CallOnce(Tally.Schedule(500, Tally.Describe()), caller: "ann");
        _replica.CallOnce(Tally.Schedule(500, Tally.Describe()), caller: "ann");
        _replica.NowMs += 500;
        string own = _replica.CallOnce(Tally.Describe(), caller: "ann")!.Body;
        Assert.Equal(2, _replica.Fired.Count);
        string[] all = [own, .. _replica.Fired.Select(fired => fired.Answer.Body)];
        Assert.Equal(3, all.Distinct().Count()); // the GUID
        Assert.Single(all.Select(body => body[..24]).Distinct()); // index, term, time
        Assert.All(all, body => Assert.Contains(Convert.ToHexString("ann"u8), body, StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_timer_never_fires_and_can_be_cancelled_once()
    {
        long timer = Schedule(500, Tally.Add("a", 1));
        Assert.Equal(1, _replica.CallOnce(Tally.Cancel(timer))!.Number);
        Assert.Equal(0, _replica.CallOnce(Tally.Cancel(timer))!.Number);
        Assert.Equal(0, _replica.CallOnce(Tally.Cancel(timer + 1))!.Number);
        _replica.NowMs += 500;
        _replica.Apply(EntryKind.Tick);
        Assert.Empty(_replica.Fired);
        Assert.Equal(long.MaxValue, _replica.Machine.NextTimerMs);
    }

    [Fact]
    public void A_fired_timer_cannot_be_cancelled_and_its_number_is_never_given_again()
    {
        long timer = Schedule(0, Tally.Add("a", 1));
        Assert.Equal(0, _replica.CallOnce(Tally.Cancel(timer))!.Number);
        Assert.Equal(timer + 1, Schedule(0, Tally.Add("a", 1)));
    }

    [Fact]
    public void A_command_that_throws_has_neither_set_nor_cancelled_a_timer()
    {
        long timer = Schedule(500, Tally.Add("kept", 1));
        Assert.Equal(ReplyStatus.Failed, _replica.CallOnce(Tally.Schedule(500, Tally.Add("dropped", 1), times: 3, thenThrows: true))!.Status);
        Assert.Equal(ReplyStatus.Failed, _replica.CallOnce(Tally.Cancel(timer, thenThrows: true))!.Status);
        Assert.Equal(1, _replica.Machine.TimerCount);
        _replica.NowMs += 500;
        _replica.Apply(EntryKind.Tick);
        Assert.Equal((1, 0), (_replica.Total("kept"), _replica.Total("dropped")));
        Assert.Equal(timer + 1, Schedule(500, Tally.Add("a", 1)));
    }

    [Fact]
    public void What_a_timers_command_sets_waits_for_the_next_entry_even_if_it_is_due_at_once()
    {
        Schedule(500, Tally.Schedule(0, Tally.Add("a", 1)));
        _replica.NowMs += 500;
        _replica.Apply(EntryKind.Tick);
        Assert.Equal((0, 1), (_replica.Total("a"), _replica.Machine.TimerCount));
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(1, _replica.Total("a"));
    }

    [Fact]
    public void A_backlog_fires_over_several_entries_and_loses_nothing()
    {
        _replica.CallOnce(Tally.Schedule(0, Tally.Add("a", 1), times: 600));
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(256, _replica.Total("a"));
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(512, _replica.Total("a"));
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(600, _replica.Total("a"));
        Assert.Equal(Enumerable.Range(1, 600).Select(id => (ulong)id), _replica.Fired.Select(fired => fired.Timer));
    }

    [Fact]
    public void A_timers_command_may_refuse_or_fail_and_that_is_told_to_the_log()
    {
        Schedule(1, Tally.Reject("no", "not today"));
        Schedule(2, Tally.Throw("thing"));
        _replica.NowMs += 2;
        Assert.NotNull(_replica.Apply(EntryKind.Tick));
        Assert.Equal(
            [(ReplyStatus.Rejected, "no"), (ReplyStatus.Failed, "System.InvalidOperationException")],
            _replica.Fired.Select(fired => (fired.Answer.Status, fired.Answer.Code!)));
        Assert.Single(_replica.Failures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_timer_whose_command_this_binary_cannot_execute_halts_the_machine(bool isUnknown)
    {
        Schedule(1, isUnknown ? Tally.Unknown() : [0x91, 0xC0]);
        _replica.NowMs += 1;
        ulong applied = _replica.Machine.AppliedIndex;
        Assert.Null(_replica.Apply(EntryKind.Tick));
        Assert.Contains("install", Assert.Single(_replica.Halts), StringComparison.Ordinal);
        Assert.Equal(applied, _replica.Machine.AppliedIndex);
    }

    [Fact]
    public void Timers_survive_in_a_snapshot_and_fire_from_it_as_they_do_without()
    {
        for (int i = 0; i < 10; i++)
            Schedule(100 * (i % 4), Tally.Add($"name {i}", i));
        _replica.CallOnce(Tally.Cancel(3));
        _replica.Fired.Clear();
        Replica restored = _replica.Restored();
        Assert.Equal(_replica.Snapshot(), restored.Snapshot());
        Assert.Equal(_replica.Machine.ComputeStateHash(), restored.Machine.ComputeStateHash());
        for (int step = 0; step < 5; step++)
        {
            _replica.NowMs += 90;
            restored.NowMs += 90;
            _replica.CallOnce(Tally.Schedule(step, Tally.Add("again", 1)));
            restored.Apply(_replica.Log[^1]);
            Assert.Equal(_replica.Machine.ApplyHash, restored.Machine.ApplyHash);
            Assert.Equal(_replica.Snapshot(), restored.Snapshot());
        }

        Assert.Equal(_replica.Fired.Select(fired => (fired.Timer, fired.Answer.Replicated)), restored.Fired.Select(fired => (fired.Timer, fired.Answer.Replicated)));
        Assert.Equal(10, _replica.Fired.Count); // six of the ten that were set at first, and all but the last of those set since
    }

    [Fact]
    public void Both_hashes_tell_a_replica_that_lost_a_timer()
    {
        var other = new Replica();
        other.Apply(EntryKind.NoOp);
        Schedule(500, Tally.Add("a", 0));
        other.CallOnce(Tally.Schedule(500, Tally.Add("a", 0)));
        Assert.Equal(_replica.Machine.ComputeStateHash(), other.Machine.ComputeStateHash());
        other.CallOnce(Tally.Cancel(1));
        _replica.CallOnce(Tally.Cancel(7));
        Assert.NotEqual(_replica.Machine.ComputeStateHash(), other.Machine.ComputeStateHash());
    }

    [Fact]
    public void There_is_a_limit_to_the_timers_of_a_machine_and_to_their_bytes()
    {
        Answer answer = _replica.CallOnce(Tally.Schedule(1, Tally.Add("a", 1), times: TimerQueue.CountMax + 1))!;
        Assert.Equal((ReplyStatus.Rejected, "too_many_timers"), (answer.Status, answer.Code));
        Assert.Equal(0, _replica.Machine.TimerCount);
        Assert.Equal(ReplyStatus.Ok, _replica.CallOnce(Tally.Schedule(1, Tally.Add("a", 1), times: TimerQueue.CountMax))!.Status);
        Assert.Equal("too_many_timers", _replica.CallOnce(Tally.Schedule(1, Tally.Add("a", 1)))!.Code);

        var heavy = new Replica();
        heavy.Apply(EntryKind.NoOp);
        byte[] command = Tally.Add(new string('x', (int)(TimerQueue.BytesMax / 4)), 1);
        for (int i = 0; i < 3; i++)
            Assert.Equal(ReplyStatus.Ok, heavy.CallOnce(Tally.Schedule(1, command))!.Status);
        Assert.Equal("too_many_timers", heavy.CallOnce(Tally.Schedule(1, command))!.Code);
        Assert.Equal(1, heavy.CallOnce(Tally.Cancel(1))!.Number);
        Assert.Equal(ReplyStatus.Ok, heavy.CallOnce(Tally.Schedule(1, command))!.Status);
    }

    [Fact]
    public void A_damaged_list_of_timers_is_refused_and_nothing_is_replaced()
    {
        Schedule(500, Tally.Add("a", 1));
        Schedule(600, Tally.Add("b", 1));
        byte[] snapshot = _replica.Snapshot();
        var other = new Replica();
        int refused = 0;
        for (int at = 0; at < snapshot.Length; at++)
        {
            byte[] damaged = [.. snapshot];
            damaged[at] ^= 0x55;
            try
            {
                other.Machine.ReadSnapshot(new(damaged));
            }
            catch (InvalidSnapshotException)
            {
                refused++;
            }
        }

        Assert.True(refused > 10);
        other.Machine.ReadSnapshot(new(snapshot));
        Assert.Equal(snapshot, other.Snapshot());
    }

    private long Schedule(long afterMs, byte[] command) => _replica.CallOnce(Tally.Schedule(afterMs, command))!.Number;
}
