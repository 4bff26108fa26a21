using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

/// <summary>Several commands as one entry, as the generated client sends them and the reply is read.</summary>
public sealed class BatchTests
{
    private readonly InMemoryNotesClient _client = new();

    [Fact]
    public async Task Every_command_of_a_batch_has_a_result_of_its_own_type_or_an_error()
    {
        var batch = new CommandBatch();
        BatchedCommand<int> first = batch.Add(NotesCommands.Add(["a", "b"]));
        BatchedCommand refused = batch.Add(NotesCommands.Refuse("closed"));
        BatchedCommand failed = batch.Add(NotesCommands.Fail("it"));
        BatchedCommand<(DateTimeOffset Now, Guid Id)> one = batch.Add(NotesCommands.Stamp());
        BatchedCommand<(DateTimeOffset Now, Guid Id)> other = batch.Add(NotesCommands.Stamp());
        BatchedCommand<int> last = batch.Add(NotesCommands.Add(["c"]));
        Assert.Equal((6, "notes", 5), (batch.Count, batch.Machine, last.Position));

        BatchReply reply = await _client.BatchAsync(batch);
        Assert.Equal(6, reply.Count);
        Assert.Equal(2, reply.ResultOf(first));
        Assert.Equal(3, reply.ResultOf(last));
        Assert.Null(reply.ErrorOf(last));
        Assert.Equal(("closed", "no"), Assert.IsType<CommandRejectedException>(reply.ErrorOf(refused)) is var no ? (no.RejectionCode, no.Message) : default);
        CommandFailedException failure = Assert.IsType<CommandFailedException>(reply.ErrorOf(failed));
        Assert.Equal("System.InvalidOperationException", failure.ExceptionType);
        Assert.Contains("'Fail', number 3 of the batch", failure.Message, StringComparison.Ordinal);
        Assert.Equal(reply.ResultOf(one).Now, reply.ResultOf(other).Now);
        Assert.NotEqual(reply.ResultOf(one).Id, reply.ResultOf(other).Id);
        Assert.Throws<CommandRejectedException>(reply.ThrowIfAnyFailed);
        Assert.Equal(["a", "b", "c"], await _client.SomeAsync(0, 1, 2));
        Assert.Equal(1UL, _client.SessionToken.Index);
    }

    [Fact]
    public async Task The_events_of_a_batch_belong_to_one_entry()
    {
        var batch = new CommandBatch();
        batch.Add(NotesCommands.Add(["a"]));
        batch.Add(NotesCommands.Add(["b"]));
        (await _client.BatchAsync(batch)).ThrowIfAnyFailed();
        var seen = new List<MachineEvent<NoteAdded>>();
        await foreach (MachineEvent<NoteAdded> next in _client.WatchNoteAddedAsync(EventPosition.First))
        {
            seen.Add(next);
            if (seen.Count == 2)
                break;
        }

        Assert.Equal(seen[0].Position.Index, seen[1].Position.Index);
        Assert.True(seen[0].Position.Ordinal < seen[1].Position.Ordinal);
    }

    [Fact]
    public async Task A_batch_under_an_idempotency_key_is_executed_once()
    {
        var batch = new CommandBatch();
        BatchedCommand<int> add = batch.Add(NotesCommands.Add(["a"]));
        INotesClient keyed = _client.WithIdempotencyKey("once");
        Assert.Equal(1, (await keyed.BatchAsync(batch)).ResultOf(add));
        Assert.Equal(1, (await keyed.BatchAsync(batch)).ResultOf(add));
        Assert.Equal(2, (await _client.BatchAsync(batch)).ResultOf(add));
    }

    [Fact]
    public async Task What_can_not_be_sent_is_refused_in_words()
    {
        var batch = new CommandBatch();
        Assert.Null(batch.Machine);
        Assert.Contains("is empty", (await Assert.ThrowsAsync<ArgumentException>(async () => await _client.BatchAsync(batch))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await _client.BatchAsync(null!));
        Assert.Throws<ArgumentException>(() => batch.Add(default(MachineCommand)));
        batch.Add(NotesCommands.Add(["a"]));
        Assert.Contains("'Set' is one of the machine 'other'", Assert.Throws<ArgumentException>(() => batch.Add(new MachineCommand("other", "Set", 1, new byte[] { 0x91, 1 }))).Message, StringComparison.Ordinal);

        var foreign = new CommandBatch();
        foreign.Add(new MachineCommand("other", "Set", 1, new byte[] { 0x91, 1 }));
        Assert.Contains("this is a client of 'notes'", (await Assert.ThrowsAsync<ArgumentException>(async () => await _client.BatchAsync(foreign))).Message, StringComparison.Ordinal);

        var full = new CommandBatch();
        for (int i = 0; i < CommandBatch.CountMax; i++)
            full.Add(NotesCommands.Add(["x"]));
        Assert.Contains("1024", Assert.Throws<InvalidOperationException>(() => full.Add(NotesCommands.Add(["y"]))).Message, StringComparison.Ordinal);
        Assert.Equal(1024, (await _client.BatchAsync(full)).Count);

        var unknown = new CommandBatch();
        unknown.Add(NotesCommands.Add(["a"]));
        unknown.Add(new MachineCommand("notes", "Gone", 1, new byte[] { 0x91, 99 }));
        Assert.StartsWith("Command 2 of the 2 of the batch: ", (await Assert.ThrowsAsync<UnknownCommandException>(async () => await _client.BatchAsync(unknown))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_knows_the_commands_of_its_batch_and_no_others()
    {
        var batch = new CommandBatch();
        batch.Add(NotesCommands.Add(["a"]));
        BatchReply reply = await _client.BatchAsync(batch);
        BatchedCommand<int> later = batch.Add(NotesCommands.Add(["b"]));
        BatchedCommand<int> elsewhere = new CommandBatch().Add(NotesCommands.Add(["c"]));
        Assert.Throws<ArgumentException>(() => reply.ResultOf(later));
        Assert.Throws<ArgumentException>(() => reply.ResultOf(elsewhere));
        Assert.Throws<ArgumentException>(() => reply.ErrorOf(default));
    }

    [Theory]
    [InlineData("", "can't be decoded")]
    [InlineData("91", "can't be decoded")]
    [InlineData("919200", "can't be decoded")]
    [InlineData("91920001C0", "can't be decoded")]
    [InlineData("91910C", "can't be decoded")]
    [InlineData("919300A0A0", "can't be decoded")]
    [InlineData("90", "its reply has 0 outcomes")]
    [InlineData("92920001920001", "its reply has 2 outcomes")]
    [InlineData("DDFFFFFFFF", "can't be decoded")]
    public void A_reply_that_is_none_is_refused(string hex, string why)
    {
        var batch = new CommandBatch();
        batch.Add(NotesCommands.Add(["a"]));
        InvalidReplyException refusal = Assert.Throws<InvalidReplyException>(() => new BatchReply(batch, Convert.FromHexString(hex)));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_another_type_is_refused_when_it_is_asked_for_and_what_has_no_room_says_so()
    {
        var batch = new CommandBatch();
        BatchedCommand<int> first = batch.Add(NotesCommands.Add(["a"]));
        BatchedCommand<int> second = batch.Add(NotesCommands.Add(["b"]));
        var reply = new BatchReply(batch, Convert.FromHexString("929200A178910A"));
        Assert.Contains("the command 'Add'", Assert.Throws<InvalidReplyException>(() => reply.ResultOf(first)).Message, StringComparison.Ordinal);
        Assert.Throws<CommandReplyUnavailableException>(() => reply.ResultOf(second));
        reply.ThrowIfAnyFailed(); // both were executed
    }

    [Fact]
    public void A_command_may_be_called_Batch_and_take_what_a_batch_does()
    {
        GeneratorRun.Of(
            """
            using ReplicatedState;
            [ReplicatedStateMachine("b")]
            public partial class B
            {
                [State] private int _x;
                [Command] public int Batch(string batch, string reader, string writer, string bytes) => ++_x;
            }

            public static class Use
            {
                public static async System.Threading.Tasks.Task<int> Do(IBClient client)
                {
                    var batch = new CommandBatch();
                    BatchedCommand<int> one = batch.Add(BCommands.Batch("a", "b", "c", "d"));
                    return (await client.BatchAsync(batch)).ResultOf(one) + await client.BatchAsync("a", "b", "c", "d");
                }
            }
            """).CompilesSilently();
    }
}
