using System.Globalization;

namespace ReplicatedState.Consensus;

/// <summary>A Raft group of the cluster. 0 is the system group; ids are given out by its entries and never reused.</summary>
public readonly record struct GroupId(uint Value) : IComparable<GroupId>
{
    /// <summary>The group that knows members, addresses, versions and the other groups.</summary>
    public static GroupId System => default;

    /// <inheritdoc/>
    public int CompareTo(GroupId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(GroupId left, GroupId right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(GroupId left, GroupId right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(GroupId left, GroupId right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(GroupId left, GroupId right) => left.Value >= right.Value;
}
