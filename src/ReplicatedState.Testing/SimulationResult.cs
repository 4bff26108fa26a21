namespace ReplicatedState.Testing;

/// <summary>What became of a simulated run.</summary>
/// <param name="Seed">Which.</param>
/// <param name="Violation">The promise that was broken, in a sentence that begins with its name; null where all held.</param>
/// <param name="Trace">A hash of everything that happened.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Committed">Entries that were committed.</param>
/// <param name="Elections">Leaders that were elected.</param>
public sealed record SimulationResult(ulong Seed, string? Violation, TraceHash Trace, long Events, ulong Committed, int Elections)
{
    /// <summary>The faults that happened; null where they aren't counted.</summary>
    public NodeLevel.FaultCounts? Faults { get; init; }

    /// <summary>Changes of members that a leader accepted.</summary>
    public int Reconfigurations { get; init; }

    /// <summary>How often a machine left its shard for its apply worker; 0 where there are no machines.</summary>
    public long HandOvers { get; init; }

    /// <summary>Snapshots of leaders that were installed, each by a swap of the state.</summary>
    public long SnapshotsInstalled { get; init; }

    /// <summary>Slow commands that were executed by an apply worker, on all nodes together.</summary>
    public long SlowCommandsAside { get; init; }

    /// <summary>Slow commands that were executed by a shard and held it up, on all nodes together.</summary>
    public long SlowCommandsOnShard { get; init; }

    /// <summary>Client operations whose history was checked; 0 where the run recorded none, or ended before it was whole.</summary>
    public int OperationsChecked { get; init; }

    /// <summary>True where that check was given up; <see cref="Violation"/> says so too.</summary>
    public bool IsHistoryUndecided { get; init; }
}
