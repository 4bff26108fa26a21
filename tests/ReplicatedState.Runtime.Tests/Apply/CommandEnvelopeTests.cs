using System.Text;
using CsCheck;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class CommandEnvelopeTests
{
    private static readonly byte[] Command = [1, 2, 3];

    [Fact]
    public void Everything_that_is_written_is_read_back()
    {
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.Byte.Array[0, 64], Gen.String[0, 60], Gen.Byte.Array[0, 100]).Sample((session, sequence, acknowledged, key, caller, command) =>
        {
            // A lone surrogate has no UTF-8; callers are names that an authentication scheme made.
            if (caller.Any(char.IsSurrogate))
                return;
            var header = new CommandHeader
            {
                Session = session,
                Sequence = sequence,
                AcknowledgedUpTo = acknowledged,
                IdempotencyKey = session == 0 ? key : default,
                Caller = caller,
            };
            CommandEnvelope read = CommandEnvelope.Read(Replica.Envelope(header, command));

            Assert.Equal(session, read.Session);
            Assert.Equal(session == 0 ? 0 : sequence, read.Sequence);
            Assert.Equal(session == 0 ? 0 : acknowledged, read.AcknowledgedUpTo);
            Assert.Equal(session == 0 ? key : [], read.IdempotencyKey.ToArray());
            Assert.Equal(caller, Encoding.UTF8.GetString(read.Caller));
            Assert.Equal(command, read.Command.ToArray());
        });
    }

    [Fact]
    public void A_command_without_session_key_or_caller_costs_one_byte()
    {
        Assert.Equal(1, default(CommandHeader).Size);
        Assert.Equal(1, new CommandHeader { Caller = CommandHeader.Anonymous }.Size);
    }

    [Fact]
    public void The_first_commands_of_a_session_cost_five_bytes() =>
        Assert.Equal(5, new CommandHeader { Session = 300, Sequence = 17, AcknowledgedUpTo = 16 }.Size);

    [Fact]
    public void A_cut_off_envelope_is_refused_at_every_length()
    {
        byte[] whole = Replica.Envelope(new CommandHeader { Session = 300, Sequence = 70000, AcknowledgedUpTo = 5, Caller = "alice" }, []);
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidCommandException>(() => CommandEnvelope.Read(whole.AsMemory(0, length)));
        Assert.Equal(5u, CommandEnvelope.Read(whole).AcknowledgedUpTo);
    }

    [Theory]
    [InlineData(new byte[] { 0x00 })] // no format
    [InlineData(new byte[] { 0x02 })] // a later format
    [InlineData(new byte[] { 0x81 })] // a flag that nobody has defined
    [InlineData(new byte[] { 0x11, 0, 1, 0 })] // session 0
    [InlineData(new byte[] { 0x31, 1, 1, 0, 1, 65 })] // session and key
    [InlineData(new byte[] { 0x21, 0 })] // a key without bytes
    [InlineData(new byte[] { 0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })] // a length beyond 64 bits
    public void A_malformed_envelope_is_refused_with_a_type(byte[] payload) =>
        Assert.Throws<InvalidCommandException>(() => CommandEnvelope.Read(payload));

    [Fact]
    public void Random_bytes_are_read_or_refused_but_never_crash_the_reader()
    {
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            try
            {
                CommandEnvelope.Read(bytes);
            }
            catch (InvalidCommandException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        });
    }

    [Fact]
    public void A_key_or_a_caller_that_is_too_long_is_not_written()
    {
        AssertFlawed(new CommandHeader { IdempotencyKey = new byte[65] }, "65");
        AssertFlawed(new CommandHeader { Caller = new string('x', 257) }, "257");
        AssertFlawed(new CommandHeader { Session = 1, IdempotencyKey = "k"u8 }, "not both");
        Assert.Null(new CommandHeader { IdempotencyKey = new byte[64], Caller = new string('x', 256) }.Flaw);
    }

    [Fact]
    public void A_header_is_not_written_where_there_is_no_room() =>
        Assert.Throws<ArgumentException>(() => new CommandHeader { Session = 300, Sequence = 1 }.Write(new byte[4]));

    [Theory]
    [InlineData("01C0", 0, 0, 0, "", "", new byte[] { 0xC0 })]
    [InlineData("11AC020302C0", 300, 3, 2, "", "", new byte[] { 0xC0 })]
    [InlineData("6103C3A4390561646D696EC0", 0, 0, 0, "ä9", "admin", new byte[] { 0xC0 })]
    public void The_layout_in_logs_never_changes(string hex, ulong session, ulong sequence, ulong acknowledged, string key, string caller, byte[] command)
    {
        var header = new CommandHeader
        {
            Session = session,
            Sequence = sequence,
            AcknowledgedUpTo = acknowledged,
            IdempotencyKey = Encoding.UTF8.GetBytes(key),
            Caller = caller,
        };
        Assert.Equal(hex, Convert.ToHexString(Replica.Envelope(header, command)));
    }

    [Fact]
    public void The_command_is_a_slice_of_the_payload_and_not_a_copy()
    {
        byte[] payload = Replica.Envelope(new CommandHeader { Session = 1, Sequence = 1 }, Command);
        ReadOnlyMemory<byte> command = CommandEnvelope.Read(payload).Command;
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(command, out ArraySegment<byte> segment));
        Assert.Same(payload, segment.Array);
    }

    private static void AssertFlawed(CommandHeader header, string why)
    {
        Assert.Contains(why, header.Flaw, StringComparison.Ordinal);
        try
        {
            _ = header.Size;
            Assert.Fail("The size of what can't be written was given.");
        }
        catch (ArgumentException exception)
        {
            Assert.Equal(header.Flaw, exception.Message);
        }
    }
}
