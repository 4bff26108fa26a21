namespace ReplicatedState.Events;

/// <summary>A place among a machine's events.</summary>
/// <param name="Index">The log index of the entry that emits.</param>
/// <param name="Ordinal">How many events the same entry has emitted before.</param>
internal readonly record struct EventOffset(ulong Index, int Ordinal) : IComparable<EventOffset>
{
    /// <summary>The place right behind.</summary>
    public EventOffset Next => new(Index, Ordinal + 1);

    /// <inheritdoc/>
    public int CompareTo(EventOffset other) => Index != other.Index ? Index.CompareTo(other.Index) : Ordinal.CompareTo(other.Ordinal);

    public static bool operator <(EventOffset a, EventOffset b) => a.CompareTo(b) < 0;

    public static bool operator >(EventOffset a, EventOffset b) => a.CompareTo(b) > 0;

    public static bool operator <=(EventOffset a, EventOffset b) => a.CompareTo(b) <= 0;

    public static bool operator >=(EventOffset a, EventOffset b) => a.CompareTo(b) >= 0;
}
