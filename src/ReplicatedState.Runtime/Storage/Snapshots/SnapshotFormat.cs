using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The bytes of a snapshot file.</summary>
/// <remarks>
/// <code>
/// preamble   magic u64, header length u32, CRC32C of the header u32
/// header     cluster guid, group, index, term, config index, log time, members, machine name and version
/// chunk …    length u32 (never 0), CRC32C u32, content
/// footer     0 u32, CRC32C of what follows u32, number of chunks u64, content length u64, SHA-256 of all before the footer
/// </code>
/// Numbers are little-endian. The footer has a fixed size, so that the hash is found from the end.
/// </remarks>
internal static class SnapshotFormat
{
    public const int PreambleBytes = 16;
    public const int ChunkHeaderBytes = 8;
    public const int ChunkBytesMax = 256 * 1024;
    public const int FooterBytes = 8 + 16 + Sha256Bytes;
    public const int Sha256Bytes = 32;
    public const int HeaderBytesMax = 1024 * 1024;

    /// <summary>"RSSNAP" and the format's number.</summary>
    public const ulong Magic = 0x0001_50414E535352;

    public static byte[] EncodeHeader(SnapshotHeader header)
    {
        var buffer = new ArrayBufferWriter<byte>();
        header.ClusterGuid.TryWriteBytes(buffer.GetSpan(16));
        buffer.Advance(16);
        WriteU64(buffer, header.Group.Value);
        SnapshotMetaEncoding.Write(buffer, header.Meta);
        byte[] name = Encoding.UTF8.GetBytes(header.MachineName);
        WriteU64(buffer, (ulong)name.Length);
        buffer.Write(name);
        WriteU64(buffer, (ulong)header.MachineVersion);
        ReadOnlySpan<byte> body = buffer.WrittenSpan;

        byte[] bytes = new byte[PreambleBytes + body.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32C.Of(body));
        body.CopyTo(bytes.AsSpan(PreambleBytes));
        return bytes;
    }

    /// <exception cref="FormatException">The bytes end early or contradict themselves.</exception>
    public static SnapshotHeader DecodeHeader(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16)
            throw new FormatException("the header ends early");
        var cluster = new Guid(body[..16]);
        body = body[16..];
        var group = new GroupId((uint)ReadU64(ref body));
        SnapshotMeta meta = SnapshotMetaEncoding.Read(ref body);
        ulong nameBytes = ReadU64(ref body);
        if (nameBytes > (ulong)body.Length)
            throw new FormatException("the header ends early");
        string name = Encoding.UTF8.GetString(body[..(int)nameBytes]);
        body = body[(int)nameBytes..];
        return new SnapshotHeader(cluster, group, meta, name, (int)ReadU64(ref body));
    }

    private static void WriteU64(ArrayBufferWriter<byte> into, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into.GetSpan(sizeof(ulong)), value);
        into.Advance(sizeof(ulong));
    }

    private static ulong ReadU64(ref ReadOnlySpan<byte> from)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(from, out ulong value))
            throw new FormatException("the header ends early");
        from = from[sizeof(ulong)..];
        return value;
    }
}
