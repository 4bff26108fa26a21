using System.Buffers;
using CsCheck;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Memory;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class WireTests
{
    private const int FrameMax = 1024 * 1024;
    private static readonly RaftId From = new(11);
    private static readonly RaftId To = new(22);
    private static readonly FrameHeader Header = new(FrameHeader.VersionMax, FrameKind.Messages, new Guid("11112222-3333-4444-5555-666677778888"), 3, From, To);

    [Fact]
    public void Every_message_comes_back_as_it_was_sent() =>
        Messages.Array[1, 5].Select(Gen.Int[1, 40]).Sample((messages, pieces) =>
        {
            var pool = new SlabPool(1024 * 1024);
            var frames = new InboundFramePool(pool);
            FrameHeader header = FrameHeader.Open(InPieces(Encode(messages), pieces), FrameMax, out ReadOnlySequence<byte> body);
            Assert.Equal(Header, header);
            InboundFrame decoded = frames.Rent();
            decoded.Decode(body, From, To);
            decoded.SharedBy(1);
            Assert.Equal(messages.Length, decoded.Messages.Length);
            for (int i = 0; i < messages.Length; i++)
                AssertEqual(messages[i], decoded.Messages[i]);
            decoded.Release();
            Assert.Equal(0, pool.Rented);
        }, iter: 500);

    [Fact]
    public void Whatever_arrives_is_decoded_or_refused_by_type_and_leaves_no_memory_behind() =>
        Messages.Array[1, 4].Select(Gen.Int[0, 1_000_000], Gen.Byte, Gen.Bool).Sample((messages, at, value, reseal) =>
        {
            byte[] bytes = Encode(messages);
            int position = reseal ? FrameHeader.Size + (at % (bytes.Length - FrameHeader.Size)) : at % bytes.Length;
            bytes[position] ^= value;
            // With a fitting checksum the damage gets through to the decoder of messages: a bug or an enemy, not a broken wire.
            if (reseal)
                Reseal(bytes);
            var pool = new SlabPool(1024 * 1024);
            InboundFrame decoded = new InboundFramePool(pool).Rent();
            try
            {
                FrameHeader.Open(InPieces(bytes, 3), FrameMax, out ReadOnlySequence<byte> body);
                decoded.Decode(body, From, To);
                decoded.SharedBy(1);
                decoded.Release();
            }
            catch (WireFormatException)
            {
                // The one way to refuse.
            }

            Assert.Equal(0, pool.Rented);
        }, iter: 3000);

    [Fact]
    public void A_flipped_bit_anywhere_in_a_frame_is_noticed()
    {
        byte[] bytes = Encode([new Message { Kind = MessageKind.Heartbeat, Group = new GroupId(4), Term = 5, Commit = 6 }]);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<WireFormatException>(() => FrameHeader.Open(new ReadOnlySequence<byte>(bytes), FrameMax, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_truncated_frame_is_refused_at_every_length()
    {
        byte[] bytes = Encode([new Message { Kind = MessageKind.Vote, Term = 5, Log = new LogPosition(9, 4) }]);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<WireFormatException>(() => FrameHeader.Open(new ReadOnlySequence<byte>(bytes, 0, length), FrameMax, out _));
    }

    [Fact]
    public void A_frame_larger_than_the_node_accepts_is_refused()
    {
        byte[] bytes = Encode([new Message { Kind = MessageKind.Vote, Term = 5 }]);
        Assert.Throws<WireFormatException>(() => FrameHeader.Open(new ReadOnlySequence<byte>(bytes), bytes.Length - 1, out _));
    }

    [Fact]
    public void Entries_that_dont_follow_what_they_are_said_to_follow_are_refused()
    {
        AssertRefused(Append(new LogPosition(4, 2), 3, Entry(6, 3)));
        AssertRefused(Append(new LogPosition(4, 2), 3, Entry(5, 1)));
        AssertRefused(Append(new LogPosition(4, 2), 3, Entry(5, 4)));
        AssertRefused(Append(new LogPosition(4, 2), 3, Entry(5, 3), Entry(6, 2)));
    }

    [Fact]
    public void A_heartbeat_takes_less_than_thirty_two_bytes_in_a_frame_of_many()
    {
        Message[] heartbeats = [.. Enumerable.Range(0, 100).Select(i => new Message
        {
            Kind = MessageKind.Heartbeat, Group = new GroupId((uint)i), Term = 1000, Commit = 1_000_000, ReadRound = 70_000, SentAtMs = 1_000_000_000, Match = 1_000_000,
        })];
        Assert.InRange(Encode(heartbeats).Length - FrameHeader.Size, 1, 32 * heartbeats.Length);
    }

    [Fact]
    public void Greetings_and_offers_survive_the_wire_and_nothing_else_passes_for_them() =>
        Gen.Int[0, 100_000].Select(Gen.Byte).Sample((at, value) =>
        {
            var greeting = new Greeting(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 7, From, "label", "n1", "h:1", "http://h:2", 1, 1, ["n1", "n2"], [new MachineVersion("m", 2, 3)], "no");
            var into = new ArrayBufferWriter<byte>();
            greeting.Write(FrameKind.Hello, into);
            byte[] bytes = into.WrittenSpan.ToArray();
            Greeting back = Greeting.Read(FrameKind.Hello, InPieces(bytes, 5));
            Assert.Equal(greeting with { PeerNames = back.PeerNames, Machines = back.Machines }, back);
            Assert.Equal(greeting.PeerNames, back.PeerNames);
            Assert.Equal(greeting.Machines, back.Machines);
            Assert.Throws<WireFormatException>(() => Greeting.Read(FrameKind.Welcome, new ReadOnlySequence<byte>(bytes)));
            bytes[FrameHeader.Size + (at % (bytes.Length - FrameHeader.Size))] ^= value;
            Reseal(bytes);
            try
            {
                Greeting.Read(FrameKind.Hello, new ReadOnlySequence<byte>(bytes));
            }
            catch (WireFormatException)
            {
                // The one way to refuse.
            }
        }, iter: 1000);

    [Fact]
    public void Pieces_of_snapshots_and_offers_are_decoded_or_refused_by_type() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            try
            {
                var reader = new WireReader(new ReadOnlySequence<byte>(bytes));
                SnapshotMessage.Read(ref reader);
            }
            catch (WireFormatException)
            {
                // The one way to refuse.
            }

            try
            {
                FormationOffer.Read(Header, new ReadOnlySequence<byte>(bytes));
            }
            catch (WireFormatException)
            {
                // The one way to refuse.
            }
        }, iter: 3000);

    [Fact]
    public void Offers_of_snapshots_and_reports_survive_the_wire_and_damaged_ones_are_refused_by_type() =>
        Gen.Int[0, 100_000].Select(Gen.Byte).Sample((at, value) =>
        {
            var meta = new SnapshotMeta(9, 3, Configuration.Of([From, To]), 1, 77);
            var offer = new SnapshotMessage
            {
                Kind = SnapshotMessageKind.Offer,
                Group = new GroupId(5),
                Position = meta.Position,
                Transfer = ulong.MaxValue,
                Term = 4,
                Bytes = 1000,
                ChunkBytes = 100,
                Sha256 = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
                Header = new SnapshotHeader(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), new GroupId(5), meta, "tally", 2),
            };
            byte[] bytes = BodyOf(offer.Write);
            SnapshotMessage back = ReadSnapshot(bytes);
            Assert.Equal((offer.Transfer, offer.Term, offer.Bytes, offer.ChunkBytes, offer.Position), (back.Transfer, back.Term, back.Bytes, back.ChunkBytes, back.Position));
            Assert.True(offer.Sha256.SequenceEqual(back.Sha256));
            Assert.Equal(offer.Header, back.Header);
            bytes[at % bytes.Length] ^= value;
            Tolerate(() => ReadSnapshot(bytes));

            var report = new ReplicaReport(new GroupId(5), 12, "no room");
            byte[] reported = BodyOf(report.Write);
            Assert.Equal(report, ReplicaReport.Read(new ReadOnlySequence<byte>(reported)));
            reported[at % reported.Length] ^= value;
            Tolerate(() => ReplicaReport.Read(new ReadOnlySequence<byte>(reported)));
        }, iter: 3000);

    private static SnapshotMessage ReadSnapshot(byte[] bytes)
    {
        var reader = new WireReader(new ReadOnlySequence<byte>(bytes));
        return SnapshotMessage.Read(ref reader);
    }

    private static byte[] BodyOf(Action<FrameBuffer> write)
    {
        using FrameBuffer frame = FrameBuffer.Rent();
        write(frame);
        return frame.Written.ToArray();
    }

    private static void Tolerate(Action read)
    {
        try
        {
            read();
        }
        catch (WireFormatException)
        {
            // The one way to refuse.
        }
    }

    private static Gen<Message> Messages { get; } =
        from kind in Gen.Enum<MessageKind>()
        from numbers in Gen.ULong.Array[12]
        from flags in Gen.Bool.Array[12]
        from sizes in Gen.Int[0, 300].Array[0, 8]
        select Build(kind, numbers, flags, sizes);

    private static Message Build(MessageKind kind, ulong[] numbers, bool[] flags, int[] sizes)
    {
        var message = new Message { Kind = kind, Group = new GroupId((uint)(numbers[0] % 100_000)), From = From, To = To, Term = numbers[1] };
        if (flags[0])
            message.Log = new LogPosition(numbers[2] / 4, numbers[1] / 2);
        if (flags[1])
            message.Commit = numbers[3];
        message.Reject = flags[2];
        if (flags[3])
            message.Hint = new LogPosition(numbers[4], numbers[5]);
        message.LeadershipTransfer = flags[4];
        if (flags[5])
            message.ReadRound = numbers[6];
        if (flags[6])
            message.Read = new ReadContext(new RaftId(numbers[7]), numbers[8], numbers[9]);
        if (flags[7])
            message.Snapshot = new SnapshotMeta(numbers[2], numbers[3], Configuration.Of([From, To]), numbers[4], (long)numbers[5]);
        if (flags[8])
            message.WallClockMs = (long)numbers[10];
        if (flags[9])
            message.SentAtMs = (long)numbers[11];
        if (flags[10])
            message.PromiseMs = (int)(numbers[9] % int.MaxValue);
        if (flags[9])
            message.Priority = (int)(numbers[6] % int.MaxValue);
        if (flags[8])
            message.Match = numbers[3];
        if (flags[10])
            message.Applied = new HashCheckpoint(numbers[4], new UInt128(numbers[5], numbers[6]));
        message.ByLease = flags[11];
        if (kind == MessageKind.Append && sizes.Length > 0)
        {
            LogPosition before = message.Log;
            ulong term = message.Term;
            message.Entries = sizes.Select((size, i) => new Entry(before.Index + 1 + (ulong)i, term, EntryKind.Command, (long)numbers[5] + i, Payload.Of(Bytes(size, i)))).ToArray();
        }

        return message;
    }

    private static byte[] Bytes(int size, int seed) => [.. Enumerable.Range(0, size).Select(i => (byte)(i + seed))];

    private static Entry Entry(ulong index, ulong term) => new(index, term, EntryKind.Command, 0, Payload.Empty);

    private static Message Append(LogPosition after, ulong term, params Entry[] entries) => new() { Kind = MessageKind.Append, Term = term, Log = after, Entries = entries };

    private static void AssertRefused(Message message)
    {
        FrameHeader.Open(new ReadOnlySequence<byte>(Encode([message])), FrameMax, out ReadOnlySequence<byte> body);
        InboundFrame frame = new InboundFramePool(new SlabPool(0)).Rent();
        Assert.Throws<WireFormatException>(() => frame.Decode(body, From, To));
    }

    private static byte[] Encode(Message[] messages)
    {
        using FrameBuffer frame = FrameHeader.RentFrame();
        foreach (Message message in messages)
            MessageCodec.Write(frame, message);
        Header.Seal(frame);
        return frame.Written.ToArray();
    }

    private static void Reseal(byte[] bytes)
    {
        FrameChecksum crc = FrameChecksum.Start();
        crc.Add(bytes.AsSpan(0, 48));
        crc.Add(bytes.AsSpan(FrameHeader.Size));
        BitConverter.TryWriteBytes(bytes.AsSpan(48), crc.Value);
    }

    private static void AssertEqual(in Message expected, in Message actual)
    {
        Assert.Equal(expected with { Entries = default }, actual with { Entries = default });
        Assert.Equal(expected.Entries.Length, actual.Entries.Length);
        for (int i = 0; i < expected.Entries.Length; i++)
        {
            Entry sent = expected.Entries.Span[i];
            Entry arrived = actual.Entries.Span[i];
            Assert.Equal((sent.Index, sent.Term, sent.Kind, sent.LogTimeMs), (arrived.Index, arrived.Term, arrived.Kind, arrived.LogTimeMs));
            Assert.True(sent.Payload.Span.SequenceEqual(arrived.Payload.Span));
        }
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes, int pieces)
    {
        int size = Math.Max(1, bytes.Length / pieces);
        Piece first = new(bytes.AsMemory(0, Math.Min(size, bytes.Length)));
        Piece last = first;
        for (int at = first.Memory.Length; at < bytes.Length; at += size)
            last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
