using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The value under a key of the tree.</summary>
/// <remarks>
/// <code>
/// 0   format u8 = 1, type u8, entry kind u8, 0
/// 4   payload length u32
/// 8   term u64
/// 16  log time i64
/// 24  payload
/// …   CRC32C u32 over key and record
/// </code>
/// Numbers are little-endian. The checksum covers the key, so that a record under a wrong key is damage too. A record is never empty, because ZoneTree takes an empty value for a deleted one.
/// </remarks>
internal static class LogRecord
{
    public const int OverheadBytes = HeaderBytes + ChecksumBytes;
    private const byte Format = 1;
    private const int HeaderBytes = 24;
    private const int ChecksumBytes = 4;

    /// <summary>What ZoneTree keeps for a deleted key.</summary>
    public static byte[] Deleted { get; } = [];

    public static byte[] OfEntry(long key, in Entry entry) =>
        Encode(key, RecordType.Entry, entry.Kind, entry.Term, entry.LogTimeMs, entry.Payload.Span);

    public static byte[] OfSlot(long key, GroupId group)
    {
        Span<byte> payload = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, group.Value);
        return Encode(key, RecordType.Slot, default, 0, 0, payload);
    }

    public static byte[] OfHardState(long key, HardState state)
    {
        Span<byte> payload = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, state.Vote.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], state.Commit);
        return Encode(key, RecordType.HardState, default, state.Term, 0, payload);
    }

    public static byte[] OfAnchor(long key, LogPosition basePosition, SnapshotMeta snapshot)
    {
        var payload = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteUInt64LittleEndian(payload.GetSpan(sizeof(ulong)), basePosition.Index);
        payload.Advance(sizeof(ulong));
        SnapshotMetaEncoding.Write(payload, snapshot);
        return Encode(key, RecordType.Anchor, default, basePosition.Term, 0, payload.WrittenSpan);
    }

    /// <summary>Checks a record and shows its parts.</summary>
    /// <param name="key">The key under which it was found.</param>
    /// <param name="record">The bytes.</param>
    /// <param name="type">What is expected there.</param>
    /// <param name="damage">What is wrong with it, where something is.</param>
    public static bool TryRead(long key, byte[] record, RecordType type, [NotNullWhen(false)] out string? damage)
    {
        damage = null;
        if (record.Length < OverheadBytes || PayloadLength(record) != record.Length - OverheadBytes)
            damage = $"it has {record.Length} bytes, which isn't what it says itself";
        else if (record[0] != Format)
            damage = $"it is of format {record[0]}, and this version reads format {Format}";
        else if (Checksum(key, record.AsSpan(0, record.Length - ChecksumBytes)) != BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(record.Length - ChecksumBytes)))
            damage = "its checksum doesn't fit";
        else if (record[1] != (byte)type)
            damage = $"it is of type {record[1]} where type {(byte)type} belongs";
        return damage is null;
    }

    /// <summary>The entry in a record that was checked. Its payload is the record's own memory.</summary>
    public static Entry ToEntry(long key, byte[] record) => new(
        LogKey.IndexOf(key), Term(record), (EntryKind)record[2], BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(16)),
        PayloadLength(record) == 0 ? default : new Payload(new PayloadSlab(record), HeaderBytes, record.Length - OverheadBytes));

    public static ulong Term(byte[] record) => BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(8));

    public static GroupId ToSlot(byte[] record) => new(BinaryPrimitives.ReadUInt32LittleEndian(PayloadOf(record)));

    public static HardState ToHardState(byte[] record) => new(
        Term(record), new RaftId(BinaryPrimitives.ReadUInt64LittleEndian(PayloadOf(record))), BinaryPrimitives.ReadUInt64LittleEndian(PayloadOf(record)[8..]));

    /// <exception cref="FormatException">The record is shorter than its content.</exception>
    public static (LogPosition Base, SnapshotMeta Snapshot) ToAnchor(byte[] record)
    {
        ReadOnlySpan<byte> payload = PayloadOf(record);
        var basePosition = new LogPosition(BinaryPrimitives.ReadUInt64LittleEndian(payload), Term(record));
        payload = payload[sizeof(ulong)..];
        return (basePosition, SnapshotMetaEncoding.Read(ref payload));
    }

    private static byte[] Encode(long key, RecordType type, EntryKind kind, ulong term, long logTimeMs, ReadOnlySpan<byte> payload)
    {
        byte[] record = GC.AllocateUninitializedArray<byte>(OverheadBytes + payload.Length);
        record[0] = Format;
        record[1] = (byte)type;
        record[2] = (byte)kind;
        record[3] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(8), term);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), logTimeMs);
        payload.CopyTo(record.AsSpan(HeaderBytes));
        int covered = record.Length - ChecksumBytes;
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(covered), Checksum(key, record.AsSpan(0, covered)));
        return record;
    }

    private static uint Checksum(long key, ReadOnlySpan<byte> record)
    {
        Span<byte> keyBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(keyBytes, key);
        return Crc32C.Of(keyBytes, record);
    }

    private static long PayloadLength(byte[] record) => BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(4));

    private static ReadOnlySpan<byte> PayloadOf(byte[] record) => record.AsSpan(HeaderBytes, record.Length - OverheadBytes);
}
