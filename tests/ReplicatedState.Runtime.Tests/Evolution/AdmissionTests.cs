using System.Buffers;
using MessagePack;
using ReplicatedState.Testing.Determinism;

namespace ReplicatedState.Runtime.Tests.Evolution;

/// <summary>What may get into the log while a version isn't in effect.</summary>
public sealed class AdmissionTests
{
    private static readonly StateMachineDefinition Newest = StateMachineDefinition.Of<Third.Ledger>();

    [Fact]
    public void The_client_leaves_out_later_arguments_that_have_their_default()
    {
        Assert.Equal((2, 1), Sent(client => client.BookAsync("ada", 1)));
        Assert.Equal((3, 2), Sent(client => client.BookAsync("ada", 1, "note")));
        Assert.Equal((4, 3), Sent(client => client.BookAsync("ada", 1, "note", 7)));
        Assert.Equal((4, 3), Sent(client => client.BookAsync("ada", 1, null, 7)));
        Assert.Equal((2, 1), Sent(client => client.BookAsync("ada", 1, null, 0)));
    }

    [Fact]
    public void An_argument_asks_for_its_version_whatever_its_value()
    {
        byte[] call = LedgerReplica.BookCall("ada", 1, "note");

        Assert.Equal(2, Newest.ValidateCommand(new ReadOnlySequence<byte>(call)));
    }

    [Fact]
    public void A_command_for_later_asks_for_the_version_of_the_arguments_that_it_carries()
    {
        Assert.Equal(1, Third.LedgerCommands.Book("ada", 1).Command.Since);
        Assert.Equal(2, Third.LedgerCommands.Book("ada", 1, "note").Command.Since);
        Assert.Equal(3, Third.LedgerCommands.Book("ada", 1, null, 7).Command.Since);
    }

    [Fact]
    public void A_retired_command_is_refused_and_not_offered()
    {
        byte[] call = [0x91, .. Id("Clear")];

        var error = Assert.Throws<UnknownCommandException>(() => Newest.ValidateCommand(new ReadOnlySequence<byte>(call)));
        Assert.Equal("The machine 'ledger' no longer takes the command 'Clear': it is retired, and only entries that are in the log are executed.", error.Message);
        Assert.Null(typeof(Third.ILedgerClient).GetMethod("ClearAsync"));
        Assert.NotNull(typeof(First.ILedgerClient).GetMethod("ClearAsync"));
    }

    /// <summary>How many arguments were sent, and the version that they ask for.</summary>
    private static (int Arguments, int Version) Sent(Func<Third.ILedgerClient, ValueTask<int>> call)
    {
        var recording = new ProbeRecording(Newest);
        ValueTask<int> answer = call(new Third.LedgerClient(recording));
        Assert.True(answer.IsCompletedSuccessfully);
        byte[] sent = recording.Calls.Single().Payload;
        return (new MessagePackReader(sent).ReadArrayHeader() - 1, Newest.ValidateCommand(new ReadOnlySequence<byte>(sent)));
    }

    private static byte[] Id(string command)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        writer.Write(Newest.Manifest.Commands.Single(member => member.Name == command).Id);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
