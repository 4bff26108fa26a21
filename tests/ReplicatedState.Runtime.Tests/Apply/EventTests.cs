using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Events;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class EventTests
{
    private readonly Replica _replica = new();

    public EventTests() => _replica.Apply(EntryKind.NoOp);

    [Fact]
    public void Events_keep_the_order_of_the_log_and_within_a_command_that_of_their_emission()
    {
        ulong first = _replica.CallOnce(Tally.Emit("a", 2))!.Index;
        _replica.NowMs += 5;
        ulong second = _replica.CallOnce(Tally.Emit("b"))!.Index;
        EventPageContent page = Read(_replica, First);
        Assert.Equal([(new EventOffset(first, 0), _replica.NowMs - 5, "a0"), (new EventOffset(first, 1), _replica.NowMs - 5, "a1"), (new EventOffset(second, 0), _replica.NowMs, "b0")], page.Found);
        Assert.Equal(new EventOffset(second + 1, 0), page.Next);
        Assert.Equal(["a1", "b0"], Read(_replica, new EventOffset(first, 1)).Texts);
        Assert.Empty(Read(_replica, page.Next).Texts);
    }

    [Fact]
    public void A_command_that_throws_has_emitted_nothing()
    {
        _replica.CallOnce(Tally.Emit("kept"));
        Assert.Equal(ReplyStatus.Failed, _replica.CallOnce(Tally.Emit("dropped", 3, thenThrows: true))!.Status);
        _replica.CallOnce(Tally.Emit("next"));
        Assert.Equal(["kept0", "next0"], Read(_replica, First).Texts);
    }

    [Fact]
    public void The_events_of_a_timer_and_of_the_entry_that_it_fires_before_follow_each_other()
    {
        _replica.CallOnce(Tally.Schedule(100, Tally.Emit("timer", 2)));
        _replica.NowMs += 100;
        ulong index = _replica.CallOnce(Tally.Emit("own", 2))!.Index;
        Assert.Equal(
            [(new EventOffset(index, 0), "timer0"), (new EventOffset(index, 1), "timer1"), (new EventOffset(index, 2), "own0"), (new EventOffset(index, 3), "own1")],
            Read(_replica, First).Found.Select(found => (found.Offset, found.Text)));
    }

    [Fact]
    public void An_event_of_a_later_machine_version_is_not_emitted_before_that_is_in_effect()
    {
        _replica.CallOnce(Tally.Emit("a", numbers: 2));
        Assert.Equal(1, _replica.Machine.EventCount);
        _replica.Apply(EntryKind.Version, VersionPayloadOf(2));
        _replica.CallOnce(Tally.Emit("b", numbers: 2));
        Assert.Equal(4, _replica.Machine.EventCount);
        EventPageContent texts = Read(_replica, First);
        Assert.Equal(["a0", "b0"], texts.Texts);
        Assert.Equal(new EventOffset(_replica.Machine.AppliedIndex + 1, 0), texts.Next); // past the numbers behind them
    }

    [Fact]
    public void What_is_no_event_of_the_machine_fails_its_command_in_words()
    {
        var context = new CommandContext { Effects = new CommandEffects("tally", Tally.Create()) };
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => context.Emit(new object()));
        Assert.Contains("[Emits<Object>]", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => context.Emit((string)null!));
        Assert.Throws<InvalidOperationException>(() => new CommandContext().Emit("a"));
    }

    [Fact]
    public void Events_survive_in_a_snapshot_and_both_hashes_cover_them()
    {
        for (int i = 0; i < 40; i++)
            _replica.CallOnce(Tally.Emit($"{i}-", i % 4));
        Replica restored = _replica.Restored();
        Assert.Equal(_replica.Snapshot(), restored.Snapshot());
        Assert.Equal(_replica.Machine.ComputeStateHash(), restored.Machine.ComputeStateHash());
        _replica.CallOnce(Tally.Emit("after"));
        restored.Apply(_replica.Log[^1]);
        Assert.Equal(_replica.Machine.ApplyHash, restored.Machine.ApplyHash);
        Assert.Equal(Read(_replica, First).Found, Read(restored, First).Found);

        var silent = new Replica();
        silent.Apply(EntryKind.NoOp);
        var loud = new Replica();
        loud.Apply(EntryKind.NoOp);
        silent.CallOnce(Tally.Emit("a", texts: 0));
        loud.CallOnce(Tally.Emit("a", texts: 1));
        Assert.NotEqual(silent.Machine.ApplyHash, loud.Machine.ApplyHash);
        Assert.NotEqual(silent.Machine.ComputeStateHash(), loud.Machine.ComputeStateHash());
    }

    [Fact]
    public void The_oldest_events_go_when_there_are_too_many_or_too_large_ones_and_the_floor_says_so()
    {
        Assert.Equal(default, _replica.Machine.EventsFloor);
        for (int i = 0; i < 17; i++)
            Assert.Equal(ReplyStatus.Ok, _replica.CallOnce(Tally.Emit("x", EventLog.EmittedCountMax))!.Status);
        Assert.Equal(EventLog.CountMax, _replica.Machine.EventCount);
        Assert.Equal(new EventOffset(2, EventLog.EmittedCountMax), _replica.Machine.EventsFloor);

        var heavy = new Replica();
        heavy.Apply(EntryKind.NoOp);
        for (int i = 0; i < 40; i++)
            heavy.CallOnce(Tally.Emit(new string('x', 1_000_000)));
        Assert.Equal(16, heavy.Machine.EventCount);
        Assert.Equal(new EventOffset(25, 1), heavy.Machine.EventsFloor);
        Replica restored = heavy.Restored();
        Assert.Equal(heavy.Snapshot(), restored.Snapshot());
    }

    [Fact]
    public void A_command_that_emits_too_much_is_rejected()
    {
        Answer many = _replica.CallOnce(Tally.Emit("x", EventLog.EmittedCountMax + 1))!;
        Answer large = _replica.CallOnce(Tally.Emit(new string('x', EventLog.EmittedBytesMax)))!;
        Assert.Equal((ReplyStatus.Rejected, "too_many_events"), (many.Status, many.Code));
        Assert.Equal((ReplyStatus.Rejected, "too_many_events"), (large.Status, large.Code));
        Assert.Equal(0, _replica.Machine.EventCount);
    }

    [Fact]
    public void A_command_that_catches_a_refused_event_and_goes_on_has_emitted_the_others_and_nothing_else()
    {
        var machine = new Breaking();
        var log = new EventLog();
        log.Emit(machine, 1, "first");
        Assert.Throws<InvalidOperationException>(() => log.Emit(machine, 1, new string('x', Breaking.LengthMax + 1)));
        log.Emit(machine, 1, "second");
        Assert.Throws<CommandRejectedException>(() => log.Emit(machine, 1, new byte[EventLog.EmittedBytesMax]));
        Assert.Equal(5 + 1 + 6 + 1, log.Emitted.Length); // what the apply hash covers: two short texts
        log.Commit(5, 0);
        Assert.Throws<InvalidOperationException>(() => log.Emit(machine, 1, new string('x', Breaking.LengthMax + 1)));
        log.Commit(6, 0);
        Assert.True(log.Emitted.IsEmpty);
        var page = new ArrayBufferWriter<byte>();
        var writer = new MessagePack.MessagePackWriter(page);
        log.WritePage(ref writer, Tally.TextEvent, First, applied: 5);
        writer.Flush();
        Assert.Equal(["first", "second"], EventPageContent.Read(page.WrittenSpan.ToArray()).Texts);
        Assert.Equal(2, log.Count);
    }

    [Fact]
    public void Pages_are_bounded_and_miss_nothing()
    {
        for (int i = 0; i < 3; i++)
            _replica.CallOnce(Tally.Emit($"{i}-", 1_000));
        for (int i = 3; i < 6; i++)
            _replica.CallOnce(Tally.Emit($"{i}-" + new string('x', 200_000)));
        var sizes = new List<int>();
        var texts = new List<string>();
        for (EventOffset from = First; texts.Count < 3_003;)
        {
            EventPageContent page = Read(_replica, from);
            sizes.Add(page.Found.Count);
            texts.AddRange(page.Texts);
            from = page.Next;
        }

        Assert.Equal([1_024, 1_024, 954, 1], sizes);
        Assert.Equal(3_003, texts.Distinct().Count());
    }

    [Fact]
    public void A_damaged_list_of_events_is_refused_and_nothing_is_replaced()
    {
        _replica.CallOnce(Tally.Emit("a", 3));
        byte[] snapshot = _replica.Snapshot();
        var other = new Replica();
        int refused = 0;
        for (int at = 0; at < snapshot.Length; at++)
        {
            foreach (byte change in new byte[] { 0x01, 0x55, 0x80 })
            {
                byte[] damaged = [.. snapshot];
                damaged[at] ^= change;
                try
                {
                    other.Machine.ReadSnapshot(new(damaged));
                }
                catch (InvalidSnapshotException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 100);
        other.Machine.ReadSnapshot(new(snapshot));
        Assert.Equal(snapshot, other.Snapshot());
    }

    /// <summary>Its encoding of a long text breaks off when most of it has been written.</summary>
    private sealed class Breaking : IStateMachine
    {
        public const int LengthMax = 100_000;

        public bool WriteEvent<TEvent>(TEvent value, int version, ref MessagePack.MessagePackWriter writer, out uint id)
        {
            id = Tally.TextEvent;
            if (value is byte[] bytes)
                writer.Write(bytes);
            else
                writer.Write(value as string);
            if (value is string { Length: > LengthMax })
            {
                writer.Flush();
                throw new InvalidOperationException("The text is too long.");
            }

            return true;
        }

        public void Apply(ref MessagePack.MessagePackReader command, CommandContext context, ref MessagePack.MessagePackWriter reply) => throw new UnknownCommandException("It only encodes.");

        public void Query(ref MessagePack.MessagePackReader query, ref MessagePack.MessagePackWriter reply) => throw new UnknownCommandException("It only encodes.");

        public void WriteSnapshot(ref MessagePack.MessagePackWriter writer, int version) => writer.WriteMapHeader(0);

        public void ReadSnapshot(ref MessagePack.MessagePackReader reader, int version) => reader.Skip();

        public UInt128 ComputeStateHash(int version) => 0;
    }

    private static EventOffset First => new(1, 0);

    private static EventPageContent Read(Replica replica, EventOffset from)
    {
        var page = new ArrayBufferWriter<byte>();
        replica.Machine.WriteEvents(Tally.TextEvent, from, page);
        return EventPageContent.Read(page.WrittenSpan.ToArray());
    }

    private static byte[] VersionPayloadOf(int version)
    {
        var payload = new byte[Runtime.Apply.VersionPayload.Size(version)];
        Runtime.Apply.VersionPayload.Write(payload, version);
        return payload;
    }
}
