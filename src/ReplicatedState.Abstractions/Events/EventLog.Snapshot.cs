using System.Buffers;
using MessagePack;

namespace ReplicatedState.Events;

// In a snapshot: one array of the two places, each as index and ordinal, and the events, each an array of index, ordinal, time, id and value.
internal sealed partial class EventLog
{
    private const int HeaderCount = 4;
    private const int EventPartsCount = 5;

    /// <summary>Writes all that is kept. Between commands.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(HeaderCount + _count);
        writer.Write(Floor.Index);
        writer.Write(Floor.Ordinal);
        writer.Write(End.Index);
        writer.Write(End.Ordinal);
        for (int i = 0; i < _count; i++)
        {
            ref LoggedEvent written = ref this[i];
            writer.WriteArrayHeader(EventPartsCount);
            writer.Write(written.Offset.Index);
            writer.Write(written.Offset.Ordinal);
            writer.Write(written.TimeMs);
            writer.Write(written.Id);
            writer.Write(written.Value.Span);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidSnapshotException">It contradicts itself.</exception>
    /// <exception cref="MessagePackSerializationException">It can't be decoded.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public static EventLog Read(ref MessagePackReader reader)
    {
        int parts = reader.ReadArrayHeader();
        Require(parts is >= HeaderCount and <= HeaderCount + CountMax, "there are more than are kept");
        EventOffset floor = ReadOffset(ref reader);
        EventOffset end = ReadOffset(ref reader);
        var log = new EventLog { Floor = floor };
        for (int i = HeaderCount; i < parts; i++)
        {
            Require(reader.ReadArrayHeader() == EventPartsCount, "one has not five parts");
            EventOffset offset = ReadOffset(ref reader);
            Require(offset >= floor && offset >= log.End, "they are not in their order");
            log.Add(new LoggedEvent(offset, reader.ReadInt64(), reader.ReadUInt32(), reader.ReadBytes()?.ToArray() ?? throw new MessagePackSerializationException("An event is missing.")));
        }

        Require(log.Floor == floor, "they have more bytes than they may");
        Require(end >= floor && (log._count == 0 ? end == floor : end == log.End), "their end is another");
        log.End = end;
        return log;
    }

    private static EventOffset ReadOffset(ref MessagePackReader reader)
    {
        var offset = new EventOffset(reader.ReadUInt64(), reader.ReadInt32());
        Require(offset.Ordinal >= 0, "one has a negative ordinal");
        return offset;
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new InvalidSnapshotException($"The snapshot's events are damaged: {sentence}.");
    }
}
