using System.Buffers.Binary;
using System.Numerics;

namespace ReplicatedState;

/// <summary>xoshiro256** (Blackman, Vigna 2018), seeded by SplitMix64: the same numbers on every machine and every version of .NET.</summary>
internal sealed class DeterministicRandom : Random
{
    private ulong _s0, _s1, _s2, _s3;

    public DeterministicRandom()
        : base(0)
    {
    }

    public void Reseed(UInt128 seed)
    {
        ulong low = (ulong)seed;
        ulong high = (ulong)(seed >> 64);
        _s0 = SplitMix(ref low);
        _s1 = SplitMix(ref low);
        _s2 = SplitMix(ref high);
        _s3 = SplitMix(ref high) | 1; // all zero is the one state that the generator never leaves
    }

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue == maxValue ? minValue : (int)(minValue + (long)NextBelow((ulong)((long)maxValue - minValue)));
    }

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue == maxValue ? minValue : unchecked((long)((ulong)minValue + NextBelow((ulong)maxValue - (ulong)minValue)));
    }

    public override double NextDouble() => (NextWord() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (NextWord() >> 40) * (1.0f / (1U << 24));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        while (buffer.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, NextWord());
            buffer = buffer[8..];
        }

        if (buffer.IsEmpty)
            return;
        ulong rest = NextWord();
        for (int i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)(rest >> (8 * i));
    }

    protected override double Sample() => NextDouble();

    /// <summary>A number below the bound without bias: high word of a 128-bit product, rejecting the short remainder (Lemire 2019).</summary>
    private ulong NextBelow(ulong bound)
    {
        ulong high = Math.BigMul(NextWord(), bound, out ulong low);
        if (low >= bound)
            return high;
        ulong threshold = unchecked(0UL - bound) % bound;
        while (low < threshold)
            high = Math.BigMul(NextWord(), bound, out low);
        return high;
    }

    private ulong NextWord()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
