using System.Buffers;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>Takes a received <c>Frames</c> message of <c>peer.proto</c> apart where it lies, in however many segments.</summary>
internal ref struct FramesReader(in ReadOnlySequence<byte> message, int frameSizeMax)
{
    private const uint DataTag = (1 << 3) | 2;
    private const uint InflatedSizeTag = 2 << 3;
    private const uint DeflatedTag = (3 << 3) | 2;
    private SequenceReader<byte> _reader = new(message);

    /// <summary>How many bytes the deflated frames take, by what the message said so far.</summary>
    public ulong InflatedSize { get; private set; }

    /// <summary>The next frame, or all frames deflated; false at the end.</summary>
    /// <exception cref="WireFormatException">The message is malformed, or a frame larger than allowed.</exception>
    public bool TryRead(out ReadOnlySequence<byte> bytes, out bool areDeflated)
    {
        while (!_reader.End)
        {
            ulong tag = Varint();
            switch (tag)
            {
                case DataTag:
                    bytes = Take(Varint());
                    areDeflated = false;
                    if (bytes.Length > frameSizeMax)
                        throw new WireFormatException($"A frame has {bytes.Length} bytes; transport.max_message_size allows {frameSizeMax}.");
                    return true;
                case InflatedSizeTag:
                    InflatedSize = Varint();
                    break;
                case DeflatedTag:
                    bytes = Take(Varint());
                    areDeflated = true;
                    return true;
                default:
                    Skip(tag);
                    break;
            }
        }

        bytes = default;
        areDeflated = false;
        return false;
    }

    /// <summary>Passes over a field that a later version added.</summary>
    private void Skip(ulong tag)
    {
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Take(Varint());
                break;
            case 5:
                Take(4);
                break;
            default:
                throw new WireFormatException($"{tag} is no tag of this protocol.");
        }
    }

    private ReadOnlySequence<byte> Take(ulong length)
    {
        if (length > (ulong)_reader.Remaining)
            throw new WireFormatException($"A message announces {length} bytes where {_reader.Remaining} are left.");
        ReadOnlySequence<byte> bytes = _reader.UnreadSequence.Slice(0, (long)length);
        _reader.Advance((long)length);
        return bytes;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!_reader.TryRead(out byte next))
                throw new WireFormatException("A number is cut off.");
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new WireFormatException("A number has more than 64 bits.");
    }
}
