namespace ReplicatedState.Runtime.Apply;

/// <summary>Unsigned LEB128, the integers in the payloads of entries: seven bits a byte, the lowest first, the top bit where more follow.</summary>
internal static class Varint
{
    public const int SizeMax = 10;

    public static int Size(ulong value)
    {
        int bits = 64 - System.Numerics.BitOperations.LeadingZeroCount(value | 1);
        return (bits + 6) / 7;
    }

    /// <summary>Writes the value and returns its size.</summary>
    public static int Write(Span<byte> into, ulong value)
    {
        int size = 0;
        while (value >= 0x80)
        {
            into[size++] = (byte)(value | 0x80);
            value >>= 7;
        }

        into[size++] = (byte)value;
        return size;
    }

    /// <summary>Takes a value off the front of <paramref name="from"/>; false where it is cut off or doesn't fit 64 bits.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, out ulong value)
    {
        value = 0;
        for (int i = 0; i < from.Length && i < SizeMax; i++)
        {
            byte next = from[i];
            if (i == SizeMax - 1 && next > 1)
                return false;
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                from = from[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
