using System.Globalization;

namespace ReplicatedState.Consensus;

/// <summary>The identity of a voter: a random number made when its data directory is formatted. 0 is nobody.</summary>
/// <remarks>Never derived from a name or an address: a wiped directory is a different node and is in no quorum.</remarks>
public readonly record struct RaftId(ulong Value) : IComparable<RaftId>
{
    /// <summary>Nobody: no leader known, no vote cast.</summary>
    public static RaftId None => default;

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(RaftId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(RaftId left, RaftId right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(RaftId left, RaftId right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(RaftId left, RaftId right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(RaftId left, RaftId right) => left.Value >= right.Value;
}
