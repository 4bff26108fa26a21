using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Memory;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>A cluster's identity and the first entries of its system group, for a member that has neither yet.</summary>
/// <param name="Cluster">The cluster's GUID.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="From">Who offers.</param>
/// <param name="Entries">The first entries; empty where the sender's log begins above them: then the leader sends what is needed.</param>
internal sealed record FormationOffer(Guid Cluster, uint Epoch, RaftId From, Entry[] Entries)
{
    private const int EntriesMax = 16;

    /// <summary>Writes the offer as the body of a frame.</summary>
    public static void Write(FrameBuffer frame, ReadOnlySpan<Entry> entries)
    {
        var writer = new WireWriter(frame);
        writer.Byte((byte)entries.Length);
        if (!entries.IsEmpty)
            MessageCodec.WriteEntries(writer, entries);
    }

    /// <summary>Reads an offer; its entries have memory of their own.</summary>
    /// <exception cref="WireFormatException">The bytes are no offer.</exception>
    public static FormationOffer Read(in FrameHeader header, in ReadOnlySequence<byte> body)
    {
        if (header.Cluster == Guid.Empty)
            throw new WireFormatException("A cluster is offered by a node that belongs to none.");
        var reader = new WireReader(body);
        int count = reader.Byte();
        if (count > EntriesMax)
            throw new WireFormatException($"A cluster is offered with {count} entries.");
        Entry[] entries = [];
        if (count > 0)
        {
            var room = new InboundEntries(new SlabPool(0));
            ReadOnlySpan<Entry> read = MessageCodec.ReadEntries(ref reader, room).Span;
            entries = new Entry[read.Length];
            for (int i = 0; i < read.Length; i++)
                entries[i] = new Entry(read[i].Index, read[i].Term, read[i].Kind, read[i].LogTimeMs, Payload.Of(read[i].Payload.Span.ToArray()));
            room.Clear();
        }

        if (entries.Length != count || !reader.End || (count > 0 && entries[0].Index != 1))
            throw new WireFormatException("An offer of a cluster doesn't hold the entries that it announces.");
        return new FormationOffer(header.Cluster, header.Epoch, header.From, entries);
    }
}
