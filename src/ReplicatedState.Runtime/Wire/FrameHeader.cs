using System.Buffers;
using System.Buffers.Binary;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>The first bytes of every frame: whose it is and whether it arrived whole.</summary>
/// <remarks>
/// <code>
///  0  3  "RSF"
///  3  1  wire version
///  4  1  kind
///  5  3  reserved, 0
///  8 16  cluster GUID; zeros where the sender belongs to none
/// 24  4  epoch
/// 28  4  length of the body
/// 32  8  sender's RaftId
/// 40  8  receiver's RaftId; 0 in greetings
/// 48  4  CRC32C of the 48 bytes above and of the body
/// </code>
/// </remarks>
internal readonly record struct FrameHeader(byte Version, FrameKind Kind, Guid Cluster, uint Epoch, RaftId From, RaftId To)
{
    /// <summary>The bytes before the body.</summary>
    public const int Size = 52;

    /// <summary>The oldest version of the wire that this binary speaks.</summary>
    public const byte VersionMin = 1;

    /// <summary>The newest.</summary>
    public const byte VersionMax = 1;

    private const int ChecksumOffset = 48;
    private static ReadOnlySpan<byte> Magic => "RSF"u8;

    /// <summary>A rented frame with room left for the header.</summary>
    public static FrameBuffer RentFrame()
    {
        FrameBuffer frame = FrameBuffer.Rent();
        frame.GetSpan(Size)[..Size].Clear();
        frame.Advance(Size);
        return frame;
    }

    /// <summary>Fills in the header of a frame whose body is complete.</summary>
    public void Seal(FrameBuffer frame)
    {
        Span<byte> bytes = frame.WrittenSpan;
        Magic.CopyTo(bytes);
        bytes[3] = Version;
        bytes[4] = (byte)Kind;
        Cluster.TryWriteBytes(bytes[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], bytes.Length - Size);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], From.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], To.Value);
        FrameChecksum crc = FrameChecksum.Start();
        crc.Add(bytes[..ChecksumOffset]);
        crc.Add(bytes[Size..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], crc.Value);
    }

    /// <summary>Reads and checks a frame that arrived.</summary>
    /// <exception cref="WireFormatException">It is truncated, oversized, damaged, or no frame of this protocol.</exception>
    public static FrameHeader Open(in ReadOnlySequence<byte> frame, int frameBytesMax, out ReadOnlySequence<byte> body)
    {
        if (frame.Length < Size)
            throw new WireFormatException($"A frame of {frame.Length} bytes is shorter than its header.");
        if (frame.Length > frameBytesMax)
            throw new WireFormatException($"A frame of {frame.Length} bytes is larger than the {frameBytesMax} that this node accepts (transport.max_message_size).");
        Span<byte> header = stackalloc byte[Size];
        frame.Slice(0, Size).CopyTo(header);
        if (!header[..3].SequenceEqual(Magic))
            throw new WireFormatException("The bytes are no frame of this protocol.");
        if (header[3] is < VersionMin or > VersionMax)
            throw new WireFormatException($"The frame speaks version {header[3]} of the wire, this node {VersionMin} to {VersionMax}.");
        body = frame.Slice(Size);
        if (BinaryPrimitives.ReadInt32LittleEndian(header[28..]) != body.Length)
            throw new WireFormatException($"The frame's body has {body.Length} bytes, its header says {BinaryPrimitives.ReadInt32LittleEndian(header[28..])}.");
        FrameChecksum crc = FrameChecksum.Start();
        crc.Add(header[..ChecksumOffset]);
        crc.Add(body);
        if (crc.Value != BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]))
            throw new WireFormatException("The frame's checksum doesn't fit its content.");
        return new FrameHeader(
            header[3],
            (FrameKind)header[4],
            new Guid(header.Slice(8, 16)),
            BinaryPrimitives.ReadUInt32LittleEndian(header[24..]),
            new RaftId(BinaryPrimitives.ReadUInt64LittleEndian(header[32..])),
            new RaftId(BinaryPrimitives.ReadUInt64LittleEndian(header[40..])));
    }
}
