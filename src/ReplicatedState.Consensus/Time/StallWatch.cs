namespace ReplicatedState.Consensus;

/// <summary>
/// Notices that a node stood still, from the clocks that it reads at least once a tick. A gap in both is a process that didn't run; a wall clock that moved on by more than the
/// monotonic one is a machine that was suspended, which stops the monotonic clock (or a wall clock that was set, which costs no more than a round of heartbeats).
/// </summary>
/// <remarks>
/// What it can't see: suspensions of less than half a tick together, which the tick that leases are kept shorter by makes up for; and one after which the wall clock is still wrong.
/// A machine whose hypervisor doesn't set the clock when it resumes is no place for leases.
/// </remarks>
/// <param name="tickMs">How often, at least, the clocks are read, in milliseconds.</param>
/// <param name="start">The clocks now.</param>
public sealed class StallWatch(int tickMs, ClockReading start)
{
    private ClockReading _last = start;

    /// <summary>How far the wall clock was ahead of the monotonic one when it was least, since the last stall: short suspensions add up.</summary>
    private long _leastAheadMs = start.WallMs - start.MonotonicMs;

    /// <summary>Whether a reading says that the node stood still since the last one, without taking it in: whoever asks in between leaves it to the next reading to be told.</summary>
    public bool WouldBeStall(in ClockReading now) =>
        now.WallMs - now.MonotonicMs - _leastAheadMs > Math.Max(1, tickMs / 2) || Math.Max(now.MonotonicMs - _last.MonotonicMs, now.WallMs - _last.WallMs) / tickMs > 1;

    /// <summary>Takes in the next reading. True where <see cref="RaftCore.OnClockStall"/> is to be told before anything else.</summary>
    /// <param name="now">The clocks.</param>
    /// <param name="missedTicks">How many ticks should have come since the last reading and didn't.</param>
    public bool IsStall(in ClockReading now, out int missedTicks)
    {
        long passedMs = Math.Max(now.MonotonicMs - _last.MonotonicMs, now.WallMs - _last.WallMs);
        long aheadMs = now.WallMs - now.MonotonicMs;
        bool wasSuspended = aheadMs - _leastAheadMs > Math.Max(1, tickMs / 2);
        _last = now;
        _leastAheadMs = wasSuspended ? aheadMs : Math.Min(_leastAheadMs, aheadMs);
        missedTicks = (int)Math.Clamp((passedMs / tickMs) - 1, 0, int.MaxValue);
        return wasSuspended || missedTicks > 0;
    }
}
