using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>
/// Stamps entries with the log's time: the median of the voters' wall clocks, each carried forward by the leader's monotonic clock since it was reported,
/// and never less than the entry before. While the median is behind the log, time goes on at half speed, so that it neither stands still nor jumps.
/// </summary>
internal sealed class LogClock(RaftId self)
{
    private long _lastMonotonicMs;

    /// <summary>A new leader begins to stamp.</summary>
    public void Start(ClockReading now) => _lastMonotonicMs = now.MonotonicMs;

    /// <summary>The stamp of the next entry.</summary>
    /// <param name="previousMs">The stamp of the last entry of the log.</param>
    /// <param name="now">The leader's clocks.</param>
    /// <param name="voters">Whose clocks count.</param>
    /// <param name="progress">What they reported.</param>
    public long Stamp(long previousMs, ClockReading now, ImmutableArray<RaftId> voters, ProgressTable progress)
    {
        long elapsedMs = Math.Max(0, now.MonotonicMs - _lastMonotonicMs);
        long medianMs = Median(now, voters, progress);
        if (medianMs > previousMs)
        {
            _lastMonotonicMs = now.MonotonicMs;
            return medianMs;
        }

        // An odd millisecond is kept for the next stamp.
        _lastMonotonicMs += elapsedMs - (elapsedMs % 2);
        return previousMs + (elapsedMs / 2);
    }

    /// <summary>What a member's clock shows now, judged by its last report; null where it never reported.</summary>
    public static long? Estimate(in ClockReading reported, in ClockReading now) =>
        reported.WallMs == 0 ? null : reported.WallMs + Math.Max(0, now.MonotonicMs - reported.MonotonicMs);

    /// <summary>The median of the known clocks, the lower one of an even number: a clock that runs ahead alone never moves it.</summary>
    public long Median(in ClockReading now, ImmutableArray<RaftId> voters, ProgressTable progress)
    {
        Span<long> clocks = voters.Length <= 32 ? stackalloc long[voters.Length] : new long[voters.Length];
        int known = 0;
        foreach (RaftId voter in voters)
        {
            long? clock = voter == self ? now.WallMs : progress.Find(voter) is { } p ? Estimate(p.ReportedClock, now) : null;
            if (clock is { } value)
                clocks[known++] = value;
        }

        if (known == 0)
            return now.WallMs;
        clocks = clocks[..known];
        clocks.Sort();
        return clocks[(known - 1) / 2];
    }
}
