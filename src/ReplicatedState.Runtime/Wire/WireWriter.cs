using System.Buffers.Binary;
using System.Text;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>Writes the primitives of the wire behind what a frame already holds: little-endian numbers, base-128 varints, length-prefixed bytes.</summary>
internal readonly ref struct WireWriter(FrameBuffer frame)
{
    private const int VarintBytesMax = 10;

    public void Byte(byte value)
    {
        frame.GetSpan(1)[0] = value;
        frame.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame.GetSpan(sizeof(uint)), value);
        frame.Advance(sizeof(uint));
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame.GetSpan(sizeof(ulong)), value);
        frame.Advance(sizeof(ulong));
    }

    public void Varint(ulong value)
    {
        Span<byte> room = frame.GetSpan(VarintBytesMax);
        int length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[length++] = (byte)value;
        frame.Advance(length);
    }

    /// <summary>A number that may be negative, small ones short.</summary>
    public void SignedVarint(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Guid(Guid value)
    {
        value.TryWriteBytes(frame.GetSpan(16));
        frame.Advance(16);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(frame.GetSpan(bytes.Length));
        frame.Advance(bytes.Length);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)bytes.Length);
        Raw(bytes);
    }

    public void Text(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, frame.GetSpan(length));
        frame.Advance(length);
    }
}
