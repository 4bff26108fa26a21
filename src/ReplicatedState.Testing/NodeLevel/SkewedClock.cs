using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>One node's clocks: a wall clock that is off by a constant, and both ahead by what slow commands took in the turn under way.</summary>
internal sealed class SkewedClock(IClock clock, long skewMs, SlowCommands slow) : IClock
{
    public long WallMs => clock.WallMs + skewMs + (slow.SpentUs / 1000);

    public long MonotonicMs => MonotonicUs / 1000;

    public long MonotonicUs => clock.MonotonicUs + slow.SpentUs;
}
