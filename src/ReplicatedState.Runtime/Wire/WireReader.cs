using System.Buffers;
using System.Text;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>Reads what <see cref="WireWriter"/> wrote, from memory in as many segments as the transport likes. Everything it reads is distrusted.</summary>
internal ref struct WireReader(in ReadOnlySequence<byte> bytes)
{
    private const int TextBytesMax = 4096;
    private SequenceReader<byte> _reader = new(bytes);

    /// <summary>What is left.</summary>
    public readonly long Remaining => _reader.Remaining;

    /// <summary>True where everything has been read.</summary>
    public readonly bool End => _reader.End;

    /// <summary>What is left, unread.</summary>
    public readonly ReadOnlySequence<byte> Rest => _reader.UnreadSequence;

    public byte Byte() => _reader.TryRead(out byte value) ? value : throw Truncated();

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new WireFormatException($"A truth value on the wire is 0 or 1, not {other}."),
    };

    public uint UInt32() => _reader.TryReadLittleEndian(out int value) ? (uint)value : throw Truncated();

    public ulong UInt64() => _reader.TryReadLittleEndian(out long value) ? (ulong)value : throw Truncated();

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            if (shift == 63 && b > 1)
                break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw new WireFormatException("A number on the wire has more than 64 bits.");
    }

    public long SignedVarint()
    {
        ulong zigzag = Varint();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <summary>A count or length, refused above what a sane sender could mean.</summary>
    public int Count(int max, string what)
    {
        ulong value = Varint();
        return value <= (ulong)max ? (int)value : throw new WireFormatException($"{what} on the wire is {value}; at most {max} is accepted.");
    }

    public Guid Guid()
    {
        Span<byte> value = stackalloc byte[16];
        CopyTo(value);
        return new Guid(value);
    }

    public void CopyTo(scoped Span<byte> into)
    {
        if (!_reader.TryCopyTo(into))
            throw Truncated();
        _reader.Advance(into.Length);
    }

    public byte[] Bytes(int max, string what)
    {
        int length = Length(max, what);
        byte[] bytes = new byte[length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The length of what follows; never more than is there.</summary>
    public int Length(int max, string what)
    {
        int length = Count(max, what);
        return length <= _reader.Remaining ? length : throw Truncated();
    }

    public string Text(string what)
    {
        int length = Length(TextBytesMax, what);
        Span<byte> bytes = length <= 256 ? stackalloc byte[length] : new byte[length];
        CopyTo(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static WireFormatException Truncated() => new("A frame ends in the middle of a field.");
}
