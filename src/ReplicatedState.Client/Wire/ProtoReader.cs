namespace ReplicatedState.Client.Wire;

/// <summary>Reads protobuf fields from contiguous bytes that come from outside: every length is checked before it is used.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> from)
{
    private readonly ReadOnlySpan<byte> _from = from;
    private int _position;
    private WireType _type;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Length = 2,
        Fixed32 = 5,
    }

    /// <summary>The offset of the next unread byte.</summary>
    public readonly int Position => _position;

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public bool TryReadField(out int number)
    {
        if (_position == _from.Length)
        {
            number = 0;
            return false;
        }

        ulong tag = Varint();
        _type = (WireType)(tag & 7);
        number = (int)(tag >> 3);
        if (tag > uint.MaxValue || number == 0)
            throw new InvalidDataException($"{tag} is no protobuf tag.");
        return true;
    }

    /// <summary>The number in the current field.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public ulong Number() => _type == WireType.Varint ? Varint() : throw new InvalidDataException("A number was expected.");

    /// <summary>The bytes, text or nested message in the current field.</summary>
    /// <exception cref="InvalidDataException">There are none, or fewer than announced.</exception>
    public ReadOnlySpan<byte> Bytes()
    {
        if (_type != WireType.Length)
            throw new InvalidDataException("Bytes were expected.");
        ulong length = Varint();
        return Take(length);
    }

    /// <summary>Passes over the current field, which a newer version of the protocol added.</summary>
    /// <exception cref="InvalidDataException">It can't be passed over.</exception>
    public void Skip()
    {
        switch (_type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Length:
                Take(Varint());
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                throw new InvalidDataException($"{(int)_type} is no protobuf wire type that this protocol uses.");
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_from.Length - _position))
            throw new InvalidDataException($"A field announces {length} bytes where {_from.Length - _position} are left.");
        ReadOnlySpan<byte> bytes = _from.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position == _from.Length)
                throw new InvalidDataException("A number is cut off.");
            byte next = _from[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number has more than 64 bits.");
    }
}
