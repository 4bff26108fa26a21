using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>When a replica takes a snapshot of its own state: when the log since the last has grown enough, but not all replicas at once, and the leader last.</summary>
/// <remarks>
/// The pressure is 1 when one of the configured limits is reached. Each member has a share of its own to wait for beyond that, by its place among the members in the order of their RaftIds, so that the
/// captures spread over half a period. Nobody needs to agree on anything for it, and a wrong guess costs nothing but a pause at the same time.
/// </remarks>
internal static class SnapshotTiming
{
    /// <summary>The leader waits for its followers at most until the pressure is so high.</summary>
    public const double LeaderPatience = 2;

    private const double StaggerSpan = 0.5;

    /// <summary>How near the log is to its next snapshot: 1 where a limit is reached.</summary>
    /// <param name="options">The limits; 0 turns one off.</param>
    /// <param name="entries">Entries applied since the last snapshot.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="snapshotBytes">The size of the last snapshot: a large state isn't written again for a little log.</param>
    /// <param name="elapsedMs">The time since.</param>
    public static double Pressure(RaftOptions options, ulong entries, long bytes, long snapshotBytes, long elapsedMs)
    {
        if (entries == 0)
            return 0;
        double pressure = 0;
        if (options.SnapshotThreshold > 0)
            pressure = (double)entries / options.SnapshotThreshold;
        if (options.SnapshotLogBytes > 0)
            pressure = Math.Max(pressure, (double)bytes / Math.Max(options.SnapshotLogBytes, snapshotBytes));
        if (options.SnapshotIntervalMs > 0)
            pressure = Math.Max(pressure, (double)elapsedMs / options.SnapshotIntervalMs);
        return pressure;
    }

    /// <summary>The pressure at which a member captures.</summary>
    /// <param name="place">Its place among the members in the order of their RaftIds, from 0.</param>
    /// <param name="members">How many there are.</param>
    public static double DueAt(int place, int members) => 1 + (StaggerSpan * place / Math.Max(1, members));
}
