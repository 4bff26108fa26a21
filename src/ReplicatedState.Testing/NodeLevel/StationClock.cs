using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>The clocks of one machine: they drift, and the wall clock steps and freezes. They go on while the node is down.</summary>
/// <param name="clock">The true time.</param>
/// <param name="driftPerMillion">How many parts of a million it is too fast; negative where it is too slow.</param>
internal sealed class StationClock(VirtualClock clock, int driftPerMillion) : IClock
{
    private const long Million = 1_000_000;
    private long _stepMs;
    private long _frozenWallMs;
    private long _frozenUntilUs;

    /// <inheritdoc/>
    public long MonotonicUs => clock.NowUs + (clock.NowUs * driftPerMillion / Million);

    /// <inheritdoc/>
    public long MonotonicMs => MonotonicUs / 1000;

    /// <inheritdoc/>
    public long WallMs => clock.NowUs < _frozenUntilUs ? _frozenWallMs : VirtualClock.StartWallMs + MonotonicMs + _stepMs;

    /// <summary>The wall clock jumps, as when somebody sets it.</summary>
    public void Step(long byMs) => _stepMs += byMs;

    /// <summary>The wall clock stands still for a while.</summary>
    public void FreezeWall(long forUs)
    {
        _frozenWallMs = WallMs;
        _frozenUntilUs = clock.NowUs + forUs;
    }

    /// <summary>The wall clock is right again, as after it was synchronized.</summary>
    public void Correct()
    {
        _stepMs = 0;
        _frozenUntilUs = 0;
    }

    /// <summary>The true time, in microseconds, at which <see cref="MonotonicMs"/> has reached a value.</summary>
    public long TrueUsAt(long monotonicMs)
    {
        long us = monotonicMs * 1000;
        long at = us * Million / (Million + driftPerMillion);
        while ((at + (at * driftPerMillion / Million)) / 1000 < monotonicMs)
            at++;
        return at;
    }
}
