using System.Numerics;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing;

/// <summary>The randomness of a simulation: xoshiro256** seeded by splitmix64, so that a seed means the same run on every machine and runtime.</summary>
/// <remarks>Not safe for concurrent use: a simulation runs on one thread.</remarks>
public sealed class SeededRandom : IRng, IEntropy
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the sequence that the seed stands for.</summary>
    public SeededRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
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

    /// <inheritdoc/>
    public uint Next(uint bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        // Multiplying instead of dividing (Lemire); the bias of 2^-32 is of no interest to a simulation.
        return (uint)(((NextUInt64() >> 32) * bound) >> 32);
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + (int)Next((uint)(most - least) + 1);

    /// <summary>True in so many of a thousand cases.</summary>
    public bool Chance(int perMille) => perMille > 0 && Next(1000) < (uint)perMille;

    /// <summary>One of the values.</summary>
    public T OneOf<T>(params ReadOnlySpan<T> values) => values[(int)Next((uint)values.Length)];

    /// <summary>A sequence of its own, so that drawing more here leaves what is drawn there unchanged.</summary>
    public SeededRandom Fork() => new(NextUInt64());

    /// <inheritdoc/>
    public void Fill(Span<byte> into)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] = (byte)(NextUInt64() >> 56);
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
