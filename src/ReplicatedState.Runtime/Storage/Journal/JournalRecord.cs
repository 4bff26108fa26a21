using System.Buffers.Binary;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The fixed part of a record of the journal; the payload follows it.</summary>
/// <remarks>
/// <code>
/// 0   CRC32C u32 over place, batch and everything that follows
/// 4   payload length u32
/// 8   version u8 = 1, type u8, entry kind u8, 0
/// 12  group u32
/// 16  index u64
/// 24  term u64
/// 32  log time i64
/// 40  payload, and zeros up to a multiple of 8
/// </code>
/// Numbers are little-endian. The checksum covers where the record stands (segment and offset) and the checksum of the batch that it belongs to, so that a record that was written to the
/// wrong place, or is left over from what stood there before, is no record. Zeros aren't one either: the version isn't zero.
/// </remarks>
internal readonly record struct JournalRecord(
    JournalRecordType Type, GroupId Group, EntryKind Kind, ulong Index, ulong Term, long LogTimeMs, int PayloadBytes)
{
    public const int HeaderBytes = 40;
    public const int Alignment = 8;
    private const byte Version = 1;
    private const int SeedBytes = 24;

    /// <summary>The bytes that the record takes in the file.</summary>
    public int SizeBytes => SizeOf(PayloadBytes);

    /// <summary>True for records that are recognised without knowing what is before them.</summary>
    private static bool StandsAlone(byte type) => type is (byte)JournalRecordType.SegmentStart or (byte)JournalRecordType.Batch;

    public static int SizeOf(int payloadBytes) => (HeaderBytes + payloadBytes + Alignment - 1) & -Alignment;

    /// <summary>Writes header, payload and checksum.</summary>
    /// <returns>The checksum.</returns>
    public uint Write(Span<byte> into, ReadOnlySpan<byte> payload, ulong segment, long offset, uint batch)
    {
        Span<byte> record = into[..SizeBytes];
        record[HeaderBytes..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)PayloadBytes);
        record[8] = Version;
        record[9] = (byte)Type;
        record[10] = (byte)Kind;
        record[11] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], Index);
        BinaryPrimitives.WriteUInt64LittleEndian(record[24..], Term);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], LogTimeMs);
        payload.CopyTo(record[HeaderBytes..]);
        uint checksum = Checksum(record, segment, offset, batch);
        BinaryPrimitives.WriteUInt32LittleEndian(record, checksum);
        return checksum;
    }

    /// <summary>Reads the record at the beginning of some bytes; false where there is none that belongs there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ulong segment, long offset, uint batch, out JournalRecord record, out uint checksum)
    {
        record = default;
        checksum = 0;
        if (from.Length < HeaderBytes || from[8] != Version)
            return false;
        uint payloadBytes = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        if (payloadBytes > from.Length - HeaderBytes || SizeOf((int)payloadBytes) > from.Length)
            return false;
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(from);
        if (checksum != Checksum(from[..SizeOf((int)payloadBytes)], segment, offset, batch))
            return false;
        record = new JournalRecord(
            (JournalRecordType)from[9],
            new GroupId(BinaryPrimitives.ReadUInt32LittleEndian(from[12..])),
            (EntryKind)from[10],
            BinaryPrimitives.ReadUInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            (int)payloadBytes);
        return true;
    }

    /// <summary>The payload of the record at the beginning of some bytes.</summary>
    public ReadOnlySpan<byte> PayloadIn(ReadOnlySpan<byte> from) => from.Slice(HeaderBytes, PayloadBytes);

    private static uint Checksum(ReadOnlySpan<byte> record, ulong segment, long offset, uint batch)
    {
        Span<byte> seed = stackalloc byte[SeedBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(seed, segment);
        BinaryPrimitives.WriteInt64LittleEndian(seed[8..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(seed[16..], StandsAlone(record[9]) ? 0 : batch);
        return Crc32C.Of(seed, record[sizeof(uint)..]);
    }
}
