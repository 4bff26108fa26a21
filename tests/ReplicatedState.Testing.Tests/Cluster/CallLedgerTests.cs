using System.Buffers;
using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Serialization;
using ReplicatedState.Testing.Cluster;
using ReplicatedState.Testing.Replay;
using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>What a run is checked for at its end, with histories that a correct cluster never shows.</summary>
public sealed class CallLedgerTests
{
    private static readonly StateMachineDefinition Definition = StateMachineDefinition.Of<Purse>();
    private readonly CallLedger _ledger = new(Definition);
    private readonly MachineReplica _replica = new(Definition);
    private long _nowUs;

    [Fact]
    public void A_history_as_it_should_be_is_accepted()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)), 10);
        Execute(12, 2, 1, Move(3));
        Call(2, 1, Move(3)); // executed, and no answer came
        Call(2, 2, Move(4)).End(new NoLeaderException("nobody"), _nowUs); // refused
        Ask(1, 2, seen: 12);
        _ledger.Check();
        Assert.Equal(4, _ledger.Checked);
    }

    [Fact]
    public void An_acknowledged_command_that_the_log_lacks_is_found()
    {
        Answer(Call(1, 1, Move(5)), _replica.Apply(Move(5), Stamp(10)), 10);
        Assert.Contains("was acknowledged and is not in the log", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_was_executed_twice_is_found()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)), 10);
        Execute(11, 1, 1, Move(5));
        Assert.Contains("executed twice: at 10 and at 11", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_command_that_was_executed_is_found()
    {
        Execute(10, 1, 1, Move(5));
        Call(1, 1, Move(5)).End(new NoLeaderException("nobody"), _nowUs);
        Assert.Contains("was refused and is in the log at 10", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_is_not_that_of_the_log_is_found()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)) with { Body = new byte[] { 7 } }, 10);
        Assert.Contains("Move(\"a\", \"b\", 5)", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_that_misses_what_was_acknowledged_before_it_is_found()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)), 10);
        Answer(Call(1, 2, Move(6)), Execute(11, 1, 2, Move(6)), 11);
        Ask(2, 1, seen: 10);
        Assert.Contains("called only afterwards", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_that_asked_for_less_may_miss_it()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)), 10);
        Answer(Call(1, 2, Move(6)), Execute(11, 1, 2, Move(6)), 11);
        Ask(2, 1, seen: 10, ReadConsistency.Local);
        _ledger.Check();
    }

    [Fact]
    public void A_query_that_misses_what_its_own_session_has_seen_is_found()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)), 10);
        Answer(Call(1, 2, Move(6)), Execute(11, 1, 2, Move(6)), 11);
        Ask(2, 1, seen: 10, ReadConsistency.Session);
        _ledger.Check();
        Ask(1, 3, seen: 10, ReadConsistency.Session);
        Assert.Contains("was the state at 11, and was answered from that at 10", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_with_an_answer_of_no_state_of_the_log_is_found()
    {
        Answer(Call(1, 1, Move(5)), Execute(10, 1, 1, Move(5)), 10);
        Answer(Call(2, 1, Coins(), isQuery: true), new RecordedReply(ReplyStatus.Ok, null, null, new byte[] { 1 }), 10);
        Assert.Contains("CoinsOf(\"a\")", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_commands_under_one_key_may_be_executed_once()
    {
        RecordedReply once = Execute(10, 1, 1, Move(5));
        Answer(Call(1, 1, Move(5), key: "k"), once, 10);
        Answer(Call(1, 2, Move(5), key: "k"), once, 11);
        _ledger.Check();
        Answer(Call(1, 3, Move(5)), once, 12);
        Assert.Contains("is not in the log", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_whose_key_is_forgotten_while_it_is_under_way_may_be_executed_again_and_no_earlier()
    {
        UserCall repeated = Call(1, 1, Move(5), key: "k");
        Call(2, 1, Move(1));
        Execute(10, 1, 1, Move(5));
        Execute(11, 2, 1, Move(1));
        Answer(repeated, Execute(600, 1, 1, Move(5), afterMs: SessionLimits.Default.TtlMs), 600);
        _ledger.Check();

        RecordedReply tooSoon = Execute(601, 1, 2, Move(5), afterMs: (2 * SessionLimits.Default.TtlMs) - 1);
        Answer(Call(1, 2, Move(5), key: "k"), tooSoon, 601);
        Assert.Contains("commands under the key 'k' were executed twice: at 600 and at 601, 599999 ms of log time apart", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_under_a_key_is_that_of_its_last_execution_before()
    {
        RecordedReply first = Execute(10, 1, 1, Move(5));
        Execute(600, 2, 1, Move(7), afterMs: SessionLimits.Default.TtlMs);
        Answer(Call(1, 1, Move(5), key: "k"), first, 10);
        Answer(Call(2, 1, Move(7), key: "k"), first, 12); // its first attempt; another was still on its way
        _ledger.Check();
        Answer(Call(3, 1, Move(7), key: "k"), first, 601);
        Assert.Contains("the command under it was executed at 600", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_is_one_call_whose_answer_is_put_together_from_those_to_its_commands()
    {
        byte[] batch = Batch(Move(5), Move(9_999), Move(3));
        Answer(Call(1, 1, batch), BatchedReply.Of(ExecuteBatch(10, 1, 1, Move(5), Move(9_999), Move(3)))!, 10);
        Answer(Call(1, 2, Move(1)), Execute(11, 1, 2, Move(1)), 11);
        _ledger.Check();
        Assert.Equal(2, _ledger.Checked);
    }

    [Fact]
    public void A_batch_of_which_a_command_was_left_out_is_found()
    {
        RecordedReply[] replies = [.. ExecuteBatch(10, 1, 1, Move(5)), new RecordedReply(ReplyStatus.Ok, null, null, new byte[] { 7 })];
        Answer(Call(1, 1, Batch(Move(5), Move(3))), BatchedReply.Of(replies)!, 10);
        Assert.Contains("the batch Move(", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_was_executed_twice_is_found()
    {
        Answer(Call(1, 1, Batch(Move(5), Move(3))), BatchedReply.Of(ExecuteBatch(10, 1, 1, Move(5), Move(3)))!, 10);
        ExecuteBatch(12, 1, 1, Move(5), Move(3));
        Assert.Contains("executed twice: at 10 and at 12", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_that_answered_differently_are_found_at_once()
    {
        Execute(10, 1, 1, Move(5));
        string? contradiction = _ledger.OnExecuted(Stamp(10), Name(1, 1), new ReadOnlySequence<byte>(Move(5)), new RecordedReply(ReplyStatus.Failed, "X", null, default));
        Assert.Contains("isn't deterministic", contradiction, StringComparison.Ordinal);
    }

    private static CallName Name(int client, ulong serial) => new(CallName.NameOf(client), client, serial);

    private static CommandStamp Stamp(ulong index) => new(index, index, 1, DateTimeOffset.UnixEpoch, 1, "client");

    private static byte[] Move(int amount) => Encode("Move", "a", "b", amount);

    private static byte[] Coins() => Encode("CoinsOf", "a");

    private static byte[] Encode(string name, params object[] arguments)
    {
        StateMachineManifest manifest = Definition.Manifest;
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        CallFormat.WriteHeader(ref writer, manifest.Commands.Concat(manifest.Queries).Single(m => m.Name == name).Id, arguments.Length);
        foreach (object argument in arguments)
        {
            if (argument is string text)
                writer.Write(text);
            else
                writer.Write((int)argument);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private UserCall Call(int client, ulong serial, byte[] payload, bool isQuery = false, ReadConsistency consistency = default, string? key = null)
    {
        var call = new UserCall(Name(client, serial), payload, isQuery, inPages: false, consistency, session: client, key, _nowUs++);
        _ledger.Add(call);
        return call;
    }

    private void Answer(UserCall call, RecordedReply reply, ulong index)
    {
        call.LastAnswer = (reply, index);
        call.End(null, _nowUs++);
    }

    private void Ask(int client, ulong serial, ulong seen, ReadConsistency consistency = default)
    {
        var then = new MachineReplica(Definition);
        then.Apply(Move(5), Stamp(10));
        if (seen == 12)
            then.Apply(Move(3), Stamp(12));
        Answer(Call(client, serial, Coins(), isQuery: true, consistency), then.Query(Coins(), inPages: false), seen);
    }

    private RecordedReply Execute(ulong index, int client, ulong serial, byte[] command, int ordinal = 0, long afterMs = 0)
    {
        CommandStamp stamp = Stamp(index) with { Ordinal = ordinal, Now = DateTimeOffset.UnixEpoch.AddMilliseconds(afterMs) };
        RecordedReply reply = _replica.Apply(command, stamp);
        Assert.Null(_ledger.OnExecuted(stamp, Name(client, serial), new ReadOnlySequence<byte>(command), reply));
        return reply;
    }

    private RecordedReply[] ExecuteBatch(ulong index, int client, ulong serial, params byte[][] commands) =>
        [.. commands.Select((command, i) => Execute(index, client, serial, command, CommandContext.BatchOrdinal + i))];

    private static byte[] Batch(params byte[][] commands)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        BatchFormat.Write(ref writer, commands.Select(command => new MachineCommand("purse", "Move", 1, command)).ToArray());
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private string Violation()
    {
        SimulationViolationException violation = Assert.Throws<SimulationViolationException>(_ledger.Check);
        Assert.Equal("history", violation.Invariant);
        return violation.Message;
    }
}
