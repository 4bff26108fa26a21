using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace ReplicatedState.Runtime.Wire;

/// <summary>CRC-32C (Castagnoli) over memory that comes in pieces.</summary>
internal struct FrameChecksum
{
    private uint _inverted;

    /// <summary>A sum over nothing yet.</summary>
    public static FrameChecksum Start() => new() { _inverted = uint.MaxValue };

    /// <summary>The sum of everything added.</summary>
    public readonly uint Value => ~_inverted;

    /// <summary>The sum of one piece.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        FrameChecksum crc = Start();
        crc.Add(bytes);
        return crc.Value;
    }

    /// <summary>Adds the next piece.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint crc = _inverted;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        _inverted = crc;
    }

    /// <summary>Adds the next pieces.</summary>
    public void Add(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
            Add(segment.Span);
    }
}
