using System.Buffers.Binary;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>What the first record of a segment says: how the journal goes on from the segment before it, and what of it is still needed.</summary>
/// <param name="Previous">The number of the segment before it; 0 for none.</param>
/// <param name="PreviousEnd">Where that one ends: what stands behind is the torn end of an earlier life, and of no interest.</param>
/// <param name="PreviousChecksum">The checksum of its last record.</param>
/// <param name="Oldest">The oldest segment that was needed when this one was begun.</param>
/// <param name="Records">How many records belong to the beginning: checkpoints of all groups, and what is copied from an earlier life. Without all of them the segment was never begun.</param>
internal readonly record struct SegmentStart(ulong Previous, long PreviousEnd, uint PreviousChecksum, ulong Oldest, int Records)
{
    public const int PayloadBytes = 16;

    public JournalRecord ToRecord(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, Oldest);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[8..], PreviousChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(payload[12..], Records);
        return new JournalRecord(JournalRecordType.SegmentStart, default, default, Previous, (ulong)PreviousEnd, 0, PayloadBytes);
    }

    /// <summary>Reads the start of a segment; false where it or what belongs to it isn't whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> segment, ulong number, out SegmentStart start)
    {
        start = default;
        if (!JournalRecord.TryRead(segment, number, 0, 0, out JournalRecord record, out uint batch) || record.Type != JournalRecordType.SegmentStart)
            return false;
        ReadOnlySpan<byte> payload = record.PayloadIn(segment);
        start = new SegmentStart(
            record.Index, (long)record.Term, BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]), BinaryPrimitives.ReadUInt64LittleEndian(payload), BinaryPrimitives.ReadInt32LittleEndian(payload[12..]));
        int offset = record.SizeBytes;
        for (int i = 0; i < start.Records; i++)
        {
            if (!JournalRecord.TryRead(segment[offset..], number, offset, batch, out record, out _))
                return false;
            offset += record.SizeBytes;
        }

        return true;
    }
}
