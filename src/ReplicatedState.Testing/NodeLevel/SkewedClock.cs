using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>One node's clocks: true time, but for a wall clock that is off by a constant.</summary>
internal sealed class SkewedClock(IClock clock, long skewMs) : IClock
{
    public long WallMs => clock.WallMs + skewMs;

    public long MonotonicMs => clock.MonotonicMs;

    public long MonotonicUs => clock.MonotonicUs;
}
