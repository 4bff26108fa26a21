using System.Buffers;
using MessagePack;

namespace ReplicatedState.Timers;

/// <summary>The timers in a snapshot: <c>[last id, [id, due, caller, command]…]</c>, in the order in which they are due. Canonical: equal queues are equal bytes.</summary>
internal sealed partial class TimerQueue
{
    private const int CallPartsCount = 4;

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1 + _byDue.Count);
        writer.Write(_lastId);
        foreach (ScheduledCall call in _byDue)
        {
            writer.WriteArrayHeader(CallPartsCount);
            writer.Write(call.Id);
            writer.Write(call.DueMs);
            writer.Write(call.Caller);
            writer.Write(call.Command.Span);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidSnapshotException">It contradicts itself.</exception>
    /// <exception cref="MessagePackSerializationException">It can't be decoded.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public static TimerQueue Read(ref MessagePackReader reader)
    {
        int parts = reader.ReadArrayHeader();
        Require(parts is >= 1 and <= 1 + CountMax, "there are more than may be set");
        ulong lastId = reader.ReadUInt64();
        var queue = new TimerQueue { _lastId = lastId, _lastSetId = lastId };
        ScheduledCall? before = null;
        for (int i = 1; i < parts; i++)
        {
            Require(reader.ReadArrayHeader() == CallPartsCount, "one has not four parts");
            var call = new ScheduledCall(
                reader.ReadUInt64(),
                reader.ReadInt64(),
                reader.ReadString() ?? throw new MessagePackSerializationException("A caller is missing."),
                reader.ReadBytes()?.ToArray() ?? throw new MessagePackSerializationException("A command is missing."));
            Require(call.Id > 0 && call.Id <= lastId && !queue._byId.ContainsKey(call.Id), "one has an id that was not given, or comes twice");
            Require(before is null || ScheduledCall.ByDue.Compare(before, call) < 0, "they are not in the order in which they are due");
            queue.Add(call);
            before = call;
        }

        Require(queue._bytes <= BytesMax, "they have more bytes than they may");
        queue.Look();
        return queue;
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new InvalidSnapshotException($"The snapshot's timers are damaged: {sentence}.");
    }
}
