namespace ReplicatedState.Runtime.Scheduling;

/// <summary>The operating system's clocks.</summary>
public sealed class SystemClock : IClock
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _origin;

    /// <summary>A clock whose monotonic readings start at 0.</summary>
    public SystemClock() => _origin = _time.GetTimestamp();

    /// <inheritdoc/>
    public long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public long MonotonicMs => MonotonicUs / 1000;

    /// <inheritdoc/>
    public long MonotonicUs => (long)((_time.GetTimestamp() - _origin) * (1_000_000.0 / _time.TimestampFrequency));
}
