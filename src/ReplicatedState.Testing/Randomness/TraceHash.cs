using System.Globalization;
using System.Numerics;

namespace ReplicatedState.Testing;

/// <summary>Hashes everything that happens in a run. Two runs with equal hashes did the same, step by step.</summary>
public struct TraceHash : IEquatable<TraceHash>
{
    private ulong _low;
    private ulong _high;

    /// <summary>Half of the hash, where 64 bits are enough.</summary>
    public readonly ulong Low => _low ^ _high;

    /// <summary>Adds one number.</summary>
    public void Add(ulong value)
    {
        _low = BitOperations.RotateLeft(_low ^ value, 27) * 0x9E3779B97F4A7C15 + 0x165667B19E3779F9;
        _high = (BitOperations.RotateLeft(_high, 31) + value) * 0xC2B2AE3D27D4EB4F ^ (_low >> 29);
    }

    /// <summary>Adds another run's hash; the order matters.</summary>
    public void Add(TraceHash other)
    {
        Add(other._low);
        Add(other._high);
    }

    /// <inheritdoc/>
    public readonly bool Equals(TraceHash other) => _low == other._low && _high == other._high;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is TraceHash other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(_low, _high);

    /// <inheritdoc/>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");

    /// <summary>Equal hashes.</summary>
    public static bool operator ==(TraceHash left, TraceHash right) => left.Equals(right);

    /// <summary>Different hashes.</summary>
    public static bool operator !=(TraceHash left, TraceHash right) => !left.Equals(right);
}
