using System.Buffers;
using System.Globalization;
using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

/// <summary>Several commands as one entry: one call for the sessions, and many for the machine.</summary>
public sealed class BatchTests
{
    private readonly Replica _replica = new();

    public BatchTests() => _replica.Apply(EntryKind.NoOp);

    [Fact]
    public void The_commands_of_a_batch_are_executed_in_their_order_by_one_entry_and_each_ends_for_itself()
    {
        Answer answer = _replica.CallOnce(EncodedBatch.Of(Tally.Add("a", 1), Tally.Reject("no", "not today"), Tally.Throw("end"), Tally.Add("a", 2)))!;
        BatchOutcome[] outcomes = answer.Outcomes();
        Assert.Equal(2UL, answer.Index);
        Assert.Equal(1, outcomes[0].Number());
        Assert.Equal((ReplyStatus.Rejected, "no", "not today"), (outcomes[1].Status, outcomes[1].Code, outcomes[1].Message));
        Assert.Equal((ReplyStatus.Failed, "System.InvalidOperationException"), (outcomes[2].Status, outcomes[2].Code));
        Assert.Equal(3, outcomes[3].Number());
        Assert.Equal(4, outcomes.Length);
        Assert.Equal("the end was wrong", Assert.Single(_replica.Failures).Message);
        Assert.Equal(2, _replica.Answers.Count); // the first entry's and the batch's
    }

    [Fact]
    public void The_bytes_of_a_batch_and_of_its_reply_are_those_of_the_first_format()
    {
        byte[] batch = EncodedBatch.Of(Tally.Add("a", 5), Tally.Reject("no", "not today"), Tally.Throw("end"));
        Assert.Equal("9400" + "9301A16105" + "9302A26E6FA96E6F7420746F646179" + "9203A3656E64", Convert.ToHexString(batch));
        Assert.Equal(
            "93" + "920005" + "9301A26E6FA96E6F7420746F646179" + "9202D920" + Convert.ToHexString("System.InvalidOperationException"u8),
            _replica.CallOnce(batch)!.Body);
    }

    [Fact]
    public void A_repeated_batch_is_answered_as_at_first_and_none_of_it_is_executed_again()
    {
        ulong session = _replica.OpenSession();
        byte[] batch = EncodedBatch.Of(Tally.Add("a", 1), Tally.Add("a", 1), Tally.Reject("no", "not today"));
        Answer first = _replica.Call(session, 1, batch);
        Answer again = _replica.Call(session, 1, batch);
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(2, _replica.Total("a"));
        Replica restored = _replica.Restored();
        Assert.Equal(first.Body, restored.Call(session, 1, batch).Body);
        Assert.Equal(2, restored.Total("a"));
        Assert.Equal(0, restored.Tally.Executions);

        Answer keyed = _replica.CallKeyed("key"u8, batch);
        Assert.Equal(keyed.Body, _replica.CallKeyed("key"u8, Tally.Add("b", 1)).Body);
        Assert.Equal(4, _replica.Total("a"));
    }

    [Fact]
    public void The_commands_of_a_batch_draw_different_random_numbers_and_see_the_same_entry()
    {
        _replica.CallOnce(Tally.Schedule(0, Tally.Describe()));
        Answer answer = _replica.CallOnce(EncodedBatch.Of(Tally.Describe(), Tally.Describe(), Tally.Describe()), caller: "alice")!;
        string[][] seen = [.. answer.Outcomes().Select(outcome => Parts(outcome.Result))];
        Assert.All(seen, parts => Assert.Equal([.. seen[0].Take(5)], parts.Take(5)));
        Assert.Equal("alice", seen[0][4]);
        string timers = Parts(Convert.FromHexString(Assert.Single(_replica.Fired).Answer.Body))[5];
        Assert.Equal(4, seen.Select(parts => parts[5]).Append(timers).Distinct().Count());
    }

    [Fact]
    public void A_command_that_throws_takes_back_its_own_timers_and_events_and_those_of_nobody_else()
    {
        _replica.CallOnce(EncodedBatch.Of(
            Tally.Emit("a", 2),
            Tally.Emit("dropped", 3, thenThrows: true),
            Tally.Schedule(1000, Tally.Add("later", 1)),
            Tally.Schedule(1000, Tally.Add("never", 1), thenThrows: true),
            Tally.Emit("b")));
        Assert.Equal(3, _replica.Machine.EventCount);
        Assert.Equal(1, _replica.Machine.TimerCount);
        Assert.Equal(new Events.EventOffset(2, 3), _replica.Machine.EventsEnd);
    }

    [Fact]
    public void A_timer_that_a_command_sets_for_at_once_waits_for_the_end_of_the_batch()
    {
        Answer answer = _replica.CallOnce(EncodedBatch.Of(Tally.Schedule(0, Tally.Add("a", 10)), Tally.Add("a", 1)))!;
        Assert.Equal(1, answer.Outcomes()[1].Number());
        _replica.Apply(EntryKind.NoOp);
        Assert.Equal(11, _replica.Total("a"));
    }

    [Fact]
    public void A_result_that_has_no_room_in_the_reply_is_left_out_and_its_command_executed_all_the_same()
    {
        const int third = BatchFormat.ResultBytesMax / 3;
        BatchOutcome[] outcomes = _replica.CallOnce(EncodedBatch.Of(Tally.Fill(third), Tally.Fill(third), Tally.Fill(2 * third), Tally.Add("a", 1)))!.Outcomes();
        Assert.Equal([ReplyStatus.Ok, ReplyStatus.Ok, ReplyStatus.ReplyUnavailable, ReplyStatus.Ok], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(4, _replica.Tally.Executions);
    }

    [Fact]
    public void Replicas_that_live_on_and_replicas_that_are_restored_have_equal_hashes_behind_batches()
    {
        _replica.CallOnce(EncodedBatch.Of(Tally.Add("a", 1), Tally.Emit("x", 2)));
        Replica restored = _replica.Restored();
        _replica.CallOnce(EncodedBatch.Of(Tally.Describe(), Tally.Emit("y"), Tally.Throw("end"), Tally.Reject("c", "m")));
        restored.Apply(_replica.Log[^1]);
        Assert.Equal(_replica.Machine.ApplyHash, restored.Machine.ApplyHash);
        Assert.Equal(_replica.Snapshot(), restored.Snapshot());

        var one = new Replica();
        one.CallOnce(EncodedBatch.Of(Tally.Add("a", 1), Tally.Reject("c", "m")));
        var other = new Replica();
        other.CallOnce(EncodedBatch.Of(Tally.Add("a", 1), Tally.Reject("d", "m")));
        Assert.NotEqual(one.Machine.ApplyHash, other.Machine.ApplyHash);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("memory")]
    [InlineData("torn")]
    [InlineData("surplus")]
    public void A_batch_of_which_this_replica_can_not_be_sure_halts_it(string what)
    {
        byte[] good = Tally.Emit("a", 1);
        byte[] batch = what switch
        {
            "unknown" => EncodedBatch.Of(good, Tally.Unknown()),
            "memory" => EncodedBatch.Of(good, Tally.Throw("memory")),
            "torn" => EncodedBatch.Of(good, good)[..^1],
            _ => [.. EncodedBatch.Of(good, good), 0xC0],
        };
        UInt128 before = _replica.Machine.ApplyHash;
        Assert.Null(_replica.CallOnce(batch));
        Assert.Equal(before, _replica.Machine.ApplyHash); // what it had done of the batch isn't claimed as the entry before
        Assert.Single(_replica.Halts);
        Assert.Equal(1UL, _replica.Machine.AppliedIndex);
    }

    [Fact]
    public void Admission_refuses_a_batch_whole_and_says_which_command_is_to_blame()
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<VersionedCalls>();
        Assert.Equal(3, Validate(VersionedCalls.Call(1), VersionedCalls.Call(3), VersionedCalls.Call(2)));
        Assert.Equal("Command 2 of the 3 of the batch: no such call", Assert.Throws<UnknownCommandException>(() => Validate(VersionedCalls.Call(1), VersionedCalls.Call(9), VersionedCalls.Call(1))).Message);
        Assert.Equal("Command 1 of the 2 of the batch: not so", Assert.Throws<InvalidCommandException>(() => Validate(VersionedCalls.Call(8), VersionedCalls.Call(1))).Message);
        Assert.Contains("it is a batch", Assert.Throws<InvalidCommandException>(() => Validate(VersionedCalls.Call(1), EncodedBatch.Of(VersionedCalls.Call(1)))).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 1024 commands, and this one has 0", Assert.Throws<InvalidCommandException>(() => Validate()).Message, StringComparison.Ordinal);
        byte[][] many = [.. Enumerable.Repeat(VersionedCalls.Call(1), BatchFormat.CountMax + 1)];
        Assert.Contains("this one has 1025", Assert.Throws<InvalidCommandException>(() => Validate(many)).Message, StringComparison.Ordinal);
        Assert.Equal(1, Validate(many[1..]));
        byte[] surplus = [.. EncodedBatch.Of(VersionedCalls.Call(1)), 0xC0];
        Assert.Contains("1 bytes follow", Assert.Throws<InvalidCommandException>(() => definition.ValidateCommand(new ReadOnlySequence<byte>(surplus))).Message, StringComparison.Ordinal);

        int Validate(params byte[][] commands) => definition.ValidateCommand(new ReadOnlySequence<byte>(EncodedBatch.Of(commands)));
    }

    private static string[] Parts(ReadOnlyMemory<byte> description)
    {
        var reader = new MessagePackReader(description);
        string[] parts = new string[reader.ReadArrayHeader()];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = reader.NextMessagePackType == MessagePackType.String ? reader.ReadString()! : reader.ReadInt64().ToString(CultureInfo.InvariantCulture);
        return parts;
    }
}
