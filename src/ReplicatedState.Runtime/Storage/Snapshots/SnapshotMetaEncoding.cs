using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The stored form of <see cref="SnapshotMeta"/>, in snapshot files and log stores: little-endian 64-bit numbers, lists with their length before them.</summary>
public static class SnapshotMetaEncoding
{
    /// <summary>Appends the metadata.</summary>
    public static void Write(IBufferWriter<byte> into, SnapshotMeta meta)
    {
        WriteU64(into, meta.Index);
        WriteU64(into, meta.Term);
        WriteU64(into, meta.ConfigIndex);
        WriteU64(into, (ulong)meta.LogTimeMs);
        WriteIds(into, meta.Configuration.Voters);
        WriteIds(into, meta.Configuration.OutgoingVoters);
        WriteIds(into, meta.Configuration.Learners);
        WriteU64(into, meta.Configuration.AutoLeave ? 1u : 0u);
        WriteIds(into, meta.Configuration.LearnersNext);
        WriteIds(into, meta.Configuration.AutoPromote);
        WriteU64(into, meta.Configuration.Revision);
    }

    /// <summary>Reads the metadata and moves beyond it.</summary>
    /// <exception cref="FormatException">The bytes end early or contradict themselves.</exception>
    public static SnapshotMeta Read(ref ReadOnlySpan<byte> from)
    {
        ulong index = ReadU64(ref from);
        ulong term = ReadU64(ref from);
        ulong configIndex = ReadU64(ref from);
        long logTimeMs = (long)ReadU64(ref from);
        var configuration = new Configuration(ReadIds(ref from), ReadIds(ref from), ReadIds(ref from), ReadU64(ref from) != 0)
        {
            LearnersNext = ReadIds(ref from),
            AutoPromote = ReadIds(ref from),
            Revision = ReadU64(ref from),
        };
        return new SnapshotMeta(index, term, configuration, configIndex, logTimeMs);
    }

    private static void WriteIds(IBufferWriter<byte> into, ImmutableArray<RaftId> ids)
    {
        WriteU64(into, (ulong)ids.Length);
        foreach (RaftId id in ids)
            WriteU64(into, id.Value);
    }

    private static ImmutableArray<RaftId> ReadIds(ref ReadOnlySpan<byte> from)
    {
        ulong count = ReadU64(ref from);
        if (count > (ulong)from.Length / sizeof(ulong))
            throw new FormatException("a list of members ends early");
        ImmutableArray<RaftId>.Builder ids = ImmutableArray.CreateBuilder<RaftId>((int)count);
        for (ulong i = 0; i < count; i++)
            ids.Add(new RaftId(ReadU64(ref from)));
        return ids.MoveToImmutable();
    }

    private static void WriteU64(IBufferWriter<byte> into, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into.GetSpan(sizeof(ulong)), value);
        into.Advance(sizeof(ulong));
    }

    private static ulong ReadU64(ref ReadOnlySpan<byte> from)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(from, out ulong value))
            throw new FormatException("the metadata of a snapshot ends early");
        from = from[sizeof(ulong)..];
        return value;
    }
}
