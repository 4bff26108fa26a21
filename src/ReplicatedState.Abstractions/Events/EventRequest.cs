using System.Buffers;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState;

/// <summary>What a watch asks a node for: the payload of its call, a flat array of id, group, epoch, index and ordinal.</summary>
/// <param name="EventId">Which of the machine's events.</param>
/// <param name="From">From where on.</param>
public readonly record struct EventRequest(uint EventId, EventPosition From)
{
    private const int PartsCount = 5;

    /// <summary>Writes the payload.</summary>
    public void Write(IBufferWriter<byte> into)
    {
        var writer = new MessagePackWriter(into);
        writer.WriteArrayHeader(PartsCount);
        writer.Write(EventId);
        writer.Write(From.Group);
        writer.Write(From.Epoch);
        writer.Write(From.Index);
        writer.Write(From.Ordinal);
        writer.Flush();
    }

    /// <summary>Reads a payload.</summary>
    /// <exception cref="InvalidCommandException">It is something else.</exception>
    public static EventRequest Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new MessagePackReader(payload);
            int parts = reader.ReadArrayHeader();
            if (parts == PartsCount)
            {
                var request = new EventRequest(reader.ReadUInt32(), new EventPosition(reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadInt32()));
                if (reader.End && request.From.Ordinal >= 0 && (!request.From.IsNow || request.From == EventPosition.Now))
                    return request;
            }
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw new InvalidCommandException($"A watch asks with an array of an event's id and a position of four numbers: {error.Message}", error);
        }

        throw new InvalidCommandException("A watch asks with an array of an event's id and a position of four numbers, and this is another.");
    }
}
