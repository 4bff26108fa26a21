using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Tests.Wire;

public sealed class ProtoTests
{
    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    [InlineData(16_383UL, 2)]
    [InlineData(16_384UL, 3)]
    [InlineData(uint.MaxValue, 5)]
    [InlineData(ulong.MaxValue, 10)]
    public void A_number_is_as_long_as_it_was_measured(ulong value, int size)
    {
        Assert.Equal(size, ProtoWriter.SizeOf(value));
        byte[] bytes = new byte[1 + size];
        var writer = new ProtoWriter(bytes);
        writer.Field(1, value);
        if (value == 0)
        {
            Assert.Equal(0, writer.Position);
            return;
        }

        Assert.Equal(bytes.Length, writer.Position);
        var reader = new ProtoReader(bytes);
        Assert.True(reader.TryReadField(out int number));
        Assert.Equal((1, value), (number, reader.Number()));
        Assert.False(reader.TryReadField(out _));
    }

    [Fact]
    public void A_request_reads_back_as_it_was_written()
    {
        var request = new ClientRequest
        {
            Kind = ClientCallKind.Command,
            Machine = "bänk",
            Session = 300,
            Sequence = ulong.MaxValue,
            AcknowledgedUpTo = 1,
            IdempotencyKey = new byte[] { 1, 2 },
            Consistency = ReadConsistency.AtLeast(new SessionToken(uint.MaxValue, 2, ulong.MaxValue)),
            Payload = new byte[1000],
            InPages = true,
            Cursor = ulong.MaxValue - 1,
            Page = uint.MaxValue,
            Timeout = TimeSpan.FromMilliseconds(1.5),
        };
        byte[] bytes = new byte[ClientRequestCodec.Measure(77, request)];
        var writer = new ProtoWriter(bytes);
        ClientRequestCodec.Write(ref writer, 77, request);
        Assert.Equal(bytes.Length, writer.Position);

        ClientRequestFields read = ClientRequestFields.Parse(bytes);

        Assert.Equal((77UL, 1UL, 300UL, ulong.MaxValue, 1UL, 4UL, 2UL), (read.Id, read.Kind, read.Session, read.Sequence, read.AcknowledgedUpTo, read.Consistency, read.TimeoutMs));
        Assert.Equal(((ulong)uint.MaxValue, 2UL, ulong.MaxValue, 0UL), (read.SessionGroup, read.SessionEpoch, read.SessionIndex, read.MaxStalenessMs));
        Assert.Equal((1UL, ulong.MaxValue - 1, (ulong)uint.MaxValue), (read.InPages, read.Cursor, read.Page));
        Assert.Equal("bänk"u8, read.Machine);
        Assert.Equal([1, 2], read.IdempotencyKey.ToArray());
        Assert.Equal(1000, read.PayloadLength);
        Assert.Equal(new byte[1000], bytes.AsSpan(read.PayloadOffset, 1000).ToArray());
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over()
    {
        // Field 20 as a number, 21 as eight bytes, 22 as bytes, 23 as four bytes, then the id.
        byte[] bytes = [0xA0, 1, 5, 0xA9, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xB2, 1, 2, 9, 9, 0xBD, 1, 1, 2, 3, 4, 8, 42];
        Assert.Equal(42UL, ClientReplyFields.Parse(bytes).Id);
    }

    [Fact]
    public void Bytes_at_random_are_read_or_refused_but_never_read_past_their_end()
    {
        var random = new Random(4);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            try
            {
                ClientRequestFields.Parse(bytes);
                ClientReplyFields.Parse(bytes);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0);
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x08, 0x80 })]
    [InlineData(new byte[] { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x0B })]
    public void Lengths_and_numbers_that_lie_are_refused(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => ClientRequestFields.Parse(bytes));
}
