namespace ReplicatedState.Runtime.Scheduling;

/// <summary>The only clocks that the node reads.</summary>
public interface IClock
{
    /// <summary>Unix milliseconds; may jump.</summary>
    long WallMs { get; }

    /// <summary>Milliseconds since some start; never goes back.</summary>
    long MonotonicMs { get; }

    /// <summary>Microseconds of the same clock, for measuring.</summary>
    long MonotonicUs { get; }
}
