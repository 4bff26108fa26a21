using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>The bytes of one message of the cores inside a frame: its kind, a map of the fields that differ from their defaults, and those fields.</summary>
/// <remarks>Sender and receiver stand once, in the frame's header. A heartbeat takes about 20 bytes, an entry 8 and its payload.</remarks>
internal static class MessageCodec
{
    /// <summary>The least that an entry takes on the wire; bounds what a claimed count of entries can make the decoder allocate.</summary>
    private const int EntryBytesMin = 4;

    private const int ConfigurationBytesMax = 64 * 1024;

    [Flags]
    private enum Fields : uint
    {
        None = 0,
        Log = 1 << 0,
        Commit = 1 << 1,
        Entries = 1 << 2,
        Reject = 1 << 3,
        Hint = 1 << 4,
        LeadershipTransfer = 1 << 5,
        ReadRound = 1 << 6,
        Read = 1 << 7,
        Snapshot = 1 << 8,
        WallClock = 1 << 9,
        SentAt = 1 << 10,
        Promise = 1 << 11,
        ByLease = 1 << 12,
        Priority = 1 << 13,
        Match = 1 << 14,
        Applied = 1 << 15,
        All = (1 << 16) - 1,
    }

    /// <summary>Writes a message behind what the frame holds.</summary>
    public static void Write(FrameBuffer frame, in Message message)
    {
        var writer = new WireWriter(frame);
        Fields fields = FieldsOf(message);
        writer.Byte((byte)message.Kind);
        writer.Varint((uint)fields);
        writer.Varint(message.Group.Value);
        writer.Varint(message.Term);
        if (fields.HasFlag(Fields.Log))
            WritePosition(writer, message.Log);
        if (fields.HasFlag(Fields.Commit))
            writer.Varint(message.Commit);
        if (fields.HasFlag(Fields.Hint))
            WritePosition(writer, message.Hint);
        if (fields.HasFlag(Fields.ReadRound))
            writer.Varint(message.ReadRound);
        if (fields.HasFlag(Fields.Read))
        {
            writer.UInt64(message.Read.Origin.Value);
            writer.UInt64(message.Read.BootId);
            writer.Varint(message.Read.Sequence);
        }

        if (fields.HasFlag(Fields.Snapshot))
            WriteSnapshot(writer, message.Snapshot!);
        if (fields.HasFlag(Fields.WallClock))
            writer.SignedVarint(message.WallClockMs);
        if (fields.HasFlag(Fields.SentAt))
            writer.SignedVarint(message.SentAtMs);
        if (fields.HasFlag(Fields.Promise))
            writer.Varint((uint)message.PromiseMs);
        if (fields.HasFlag(Fields.Priority))
            writer.Varint((uint)message.Priority);
        if (fields.HasFlag(Fields.Match))
            writer.Varint(message.Match);
        if (fields.HasFlag(Fields.Applied))
            WriteCheckpoint(writer, message.Applied);
        if (fields.HasFlag(Fields.Entries))
            WriteEntries(writer, message.Entries.Span);
    }

    /// <summary>Reads a message. Its entries live in <paramref name="entries"/>.</summary>
    /// <exception cref="WireFormatException">The bytes are no message.</exception>
    public static Message Read(ref WireReader reader, RaftId from, RaftId to, InboundEntries entries)
    {
        var message = new Message { Kind = (MessageKind)reader.Byte(), From = from, To = to };
        if (message.Kind is < MessageKind.PreVote or > MessageKind.Removed)
            throw new WireFormatException($"There is no message of kind {(byte)message.Kind}.");
        ulong bits = reader.Varint();
        if ((bits & ~(ulong)Fields.All) != 0)
            throw new WireFormatException("A message has fields that this version doesn't know.");
        var fields = (Fields)bits;
        message.Group = new GroupId((uint)reader.Count(int.MaxValue, "The group's id"));
        message.Term = reader.Varint();
        message.Reject = fields.HasFlag(Fields.Reject);
        message.LeadershipTransfer = fields.HasFlag(Fields.LeadershipTransfer);
        message.ByLease = fields.HasFlag(Fields.ByLease);
        if (fields.HasFlag(Fields.Log))
            message.Log = ReadPosition(ref reader);
        if (fields.HasFlag(Fields.Commit))
            message.Commit = reader.Varint();
        if (fields.HasFlag(Fields.Hint))
            message.Hint = ReadPosition(ref reader);
        if (fields.HasFlag(Fields.ReadRound))
            message.ReadRound = reader.Varint();
        if (fields.HasFlag(Fields.Read))
            message.Read = new ReadContext(new RaftId(reader.UInt64()), reader.UInt64(), reader.Varint());
        if (fields.HasFlag(Fields.Snapshot))
            message.Snapshot = ReadSnapshot(ref reader);
        if (fields.HasFlag(Fields.WallClock))
            message.WallClockMs = reader.SignedVarint();
        if (fields.HasFlag(Fields.SentAt))
            message.SentAtMs = reader.SignedVarint();
        if (fields.HasFlag(Fields.Promise))
            message.PromiseMs = reader.Count(int.MaxValue, "A promise to a leader");
        if (fields.HasFlag(Fields.Priority))
            message.Priority = reader.Count(int.MaxValue, "A priority");
        if (fields.HasFlag(Fields.Match))
            message.Match = reader.Varint();
        if (fields.HasFlag(Fields.Applied))
            message.Applied = ReadCheckpoint(ref reader);
        if (fields.HasFlag(Fields.Entries))
            message.Entries = ReadAppended(ref reader, message, entries);
        return message;
    }

    /// <summary>Writes the metadata of a snapshot.</summary>
    public static void WriteSnapshot(WireWriter writer, SnapshotMeta snapshot)
    {
        WritePosition(writer, snapshot.Position);
        writer.Varint(snapshot.ConfigIndex);
        writer.SignedVarint(snapshot.LogTimeMs);
        writer.Bytes(ConfigurationCodec.Encode(snapshot.Configuration));
    }

    /// <summary>Reads the metadata of a snapshot.</summary>
    public static SnapshotMeta ReadSnapshot(ref WireReader reader)
    {
        LogPosition position = ReadPosition(ref reader);
        ulong configIndex = reader.Varint();
        long logTime = reader.SignedVarint();
        byte[] configuration = reader.Bytes(ConfigurationBytesMax, "The length of a configuration");
        try
        {
            return new SnapshotMeta(position.Index, position.Term, ConfigurationCodec.Decode(configuration), configIndex, logTime);
        }
        catch (FormatException error)
        {
            throw new WireFormatException($"A snapshot's configuration can't be decoded: {error.Message}");
        }
    }

    /// <summary>Writes the hash of a state machine at an index.</summary>
    public static void WriteCheckpoint(WireWriter writer, in HashCheckpoint checkpoint)
    {
        writer.Varint(checkpoint.Index);
        writer.UInt64((ulong)(checkpoint.Hash >> 64));
        writer.UInt64((ulong)checkpoint.Hash);
    }

    /// <summary>Reads the hash of a state machine at an index.</summary>
    public static HashCheckpoint ReadCheckpoint(ref WireReader reader) => new(reader.Varint(), new UInt128(reader.UInt64(), reader.UInt64()));

    /// <summary>Writes contiguous entries.</summary>
    public static void WriteEntries(WireWriter writer, ReadOnlySpan<Entry> entries)
    {
        writer.Varint((ulong)entries.Length);
        writer.Varint(entries[0].Index);
        writer.SignedVarint(entries[0].LogTimeMs);
        long logTime = entries[0].LogTimeMs;
        foreach (ref readonly Entry entry in entries)
        {
            writer.Byte((byte)entry.Kind);
            writer.Varint(entry.Term);
            writer.SignedVarint(entry.LogTimeMs - logTime);
            logTime = entry.LogTimeMs;
            writer.Bytes(entry.Payload.Span);
        }
    }

    /// <summary>Reads contiguous entries.</summary>
    public static ReadOnlyMemory<Entry> ReadEntries(ref WireReader reader, InboundEntries entries)
    {
        int count = reader.Count((int)Math.Min(int.MaxValue, reader.Remaining / EntryBytesMin), "The number of entries");
        if (count == 0)
            throw new WireFormatException("A message announces entries and has none.");
        ulong index = reader.Varint();
        long logTime = reader.SignedVarint();
        if (index == 0 || index > ulong.MaxValue - (ulong)count)
            throw new WireFormatException($"No entry has the index {index}.");
        Memory<Entry> memory = entries.Rent(count);
        Span<Entry> room = memory.Span;
        for (int at = 0; at < count; at++)
        {
            var kind = (EntryKind)reader.Byte();
            if (kind is < EntryKind.Command or > EntryKind.Tick)
                throw new WireFormatException($"There is no entry of kind {(byte)kind}.");
            ulong term = reader.Varint();
            logTime = unchecked(logTime + reader.SignedVarint());
            int length = reader.Length(int.MaxValue, "The length of a payload");
            room[at] = new Entry(index + (ulong)at, term, kind, logTime, entries.Copy(ref reader, length));
        }

        return memory;
    }

    /// <summary>The core takes for granted what is checked here: that entries follow the position they are said to follow, in terms that don't fall.</summary>
    private static ReadOnlyMemory<Entry> ReadAppended(ref WireReader reader, in Message message, InboundEntries room)
    {
        if (message.Kind != MessageKind.Append)
            throw new WireFormatException($"A message of kind {message.Kind} carries entries.");
        ReadOnlyMemory<Entry> entries = ReadEntries(ref reader, room);
        ulong term = message.Log.Term;
        foreach (ref readonly Entry entry in entries.Span)
        {
            if (entry.Term < term || entry.Term > message.Term)
                throw new WireFormatException($"An Append of term {message.Term} carries an entry of term {entry.Term} behind one of term {term}.");
            term = entry.Term;
        }

        return entries.Span[0].Index == message.Log.Index + 1
            ? entries
            : throw new WireFormatException($"An Append behind {message.Log} carries an entry at {entries.Span[0].Index}.");
    }

    private static Fields FieldsOf(in Message message)
    {
        Fields fields = Fields.None;
        if (message.Log != default)
            fields |= Fields.Log;
        if (message.Commit != 0)
            fields |= Fields.Commit;
        if (!message.Entries.IsEmpty)
            fields |= Fields.Entries;
        if (message.Reject)
            fields |= Fields.Reject;
        if (message.Hint != default)
            fields |= Fields.Hint;
        if (message.LeadershipTransfer)
            fields |= Fields.LeadershipTransfer;
        if (message.ReadRound != 0)
            fields |= Fields.ReadRound;
        if (message.Read != default)
            fields |= Fields.Read;
        if (message.Snapshot is not null)
            fields |= Fields.Snapshot;
        if (message.WallClockMs != 0)
            fields |= Fields.WallClock;
        if (message.SentAtMs != 0)
            fields |= Fields.SentAt;
        if (message.PromiseMs != 0)
            fields |= Fields.Promise;
        if (message.Priority != 0)
            fields |= Fields.Priority;
        if (message.ByLease)
            fields |= Fields.ByLease;
        if (message.Match != 0)
            fields |= Fields.Match;
        if (message.Applied != default)
            fields |= Fields.Applied;
        return fields;
    }

    private static void WritePosition(WireWriter writer, LogPosition position)
    {
        writer.Varint(position.Index);
        writer.Varint(position.Term);
    }

    private static LogPosition ReadPosition(ref WireReader reader) => new(reader.Varint(), reader.Varint());
}
