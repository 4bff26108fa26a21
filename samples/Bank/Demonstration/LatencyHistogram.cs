using System.Numerics;

namespace BankSample.Demonstration;

/// <summary>Counts latencies in buckets that are at most an eighth wide. Safe for concurrent use.</summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerDoubling = 8;
    private readonly long[] _counts = new long[64 * StepsPerDoubling];

    public void Add(TimeSpan latency) => Interlocked.Increment(ref _counts[BucketOf((ulong)Math.Max(1, latency.TotalMicroseconds))]);

    /// <summary>The latency below which the given share (0 to 1) of all calls stayed; zero where there were none.</summary>
    public TimeSpan Percentile(double share)
    {
        long total = 0;
        for (int i = 0; i < _counts.Length; i++)
            total += Volatile.Read(ref _counts[i]);
        long wanted = (long)Math.Ceiling(total * share);
        long seen = 0;
        for (int i = 0; i < _counts.Length && wanted > 0; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= wanted)
                return TimeSpan.FromMicroseconds(UpperBoundOf(i));
        }

        return TimeSpan.Zero;
    }

    public void Clear() => Array.Clear(_counts);

    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < StepsPerDoubling)
            return (int)microseconds;
        int doubling = BitOperations.Log2(microseconds);
        int step = (int)(microseconds >> (doubling - 3)) & (StepsPerDoubling - 1);
        return (doubling - 2) * StepsPerDoubling + step;
    }

    private static double UpperBoundOf(int bucket)
    {
        if (bucket < StepsPerDoubling)
            return bucket;
        int doubling = bucket / StepsPerDoubling + 2;
        int step = bucket % StepsPerDoubling;
        return Math.ScaleB(StepsPerDoubling + step + 1, doubling - 3);
    }
}
