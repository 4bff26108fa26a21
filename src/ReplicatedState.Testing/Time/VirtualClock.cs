using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing;

/// <summary>Time that passes only when the simulation says so. Starts on a fixed day, so that runs are equal on any day.</summary>
public sealed class VirtualClock : IClock
{
    /// <summary>The wall clock at the start: 2020-01-01T00:00:00Z in Unix milliseconds.</summary>
    public const long StartWallMs = 1_577_836_800_000;

    /// <summary>Microseconds since the simulation began.</summary>
    public long NowUs { get; private set; }

    /// <inheritdoc/>
    public long MonotonicUs => NowUs;

    /// <inheritdoc/>
    public long MonotonicMs => NowUs / 1000;

    /// <inheritdoc/>
    public long WallMs => StartWallMs + MonotonicMs;

    /// <summary>Moves to a later moment.</summary>
    public void AdvanceTo(long us)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(us, NowUs);
        NowUs = us;
    }
}
