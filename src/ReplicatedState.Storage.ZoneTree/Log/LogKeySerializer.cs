using System.Buffers.Binary;
using ZoneTree.Serializers;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Eight bytes, little-endian, in a buffer that the thread uses again: ZoneTree copies them before it asks for the next key.</summary>
/// <remarks>ZoneTree writes the full name of this type into its metadata and refuses another one: it must not be renamed.</remarks>
internal sealed class LogKeySerializer : ISerializer<long>
{
    [ThreadStatic]
    private static byte[]? _buffer;

    public long Deserialize(Memory<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);

    public Memory<byte> Serialize(in long entry)
    {
        byte[] buffer = _buffer ??= new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(buffer, entry);
        return buffer;
    }
}
