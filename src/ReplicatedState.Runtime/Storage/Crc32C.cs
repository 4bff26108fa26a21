using System.Numerics;
using System.Runtime.InteropServices;

namespace ReplicatedState.Runtime.Storage;

/// <summary>CRC32C (Castagnoli), the checksum of everything stored; one instruction for eight bytes on current processors.</summary>
public static class Crc32C
{
    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>The checksum of two runs of bytes as if they were one.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Continue(Continue(uint.MaxValue, first), second);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        // Little-endian words, as the instruction reads them; a big-endian machine takes the bytes one by one.
        if (BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
            foreach (ulong word in words)
                crc = BitOperations.Crc32C(crc, word);
            bytes = bytes[(words.Length * sizeof(ulong))..];
        }

        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
