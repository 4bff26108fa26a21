namespace ReplicatedState.AspNetCore;

/// <summary>Timing, batching and log retention: keys <c>raft.*</c>.</summary>
public sealed class RaftSection
{
    /// <summary>How often a leader shows that it is alive.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The shortest time without a leader's sign after which a follower campaigns; at least twice the heartbeat interval.</summary>
    public TimeSpan ElectionTimeoutMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest; each wait is drawn from between the two, so that nodes rarely campaign at once.</summary>
    public TimeSpan ElectionTimeoutMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Ask whether an election could be won before disturbing anybody (Raft dissertation 9.6).</summary>
    public bool PreVote { get; set; } = true;

    /// <summary>A leader that hears from no majority within the shortest election timeout steps down.</summary>
    public bool CheckQuorum { get; set; } = true;

    /// <summary>After this time a snapshot is taken if anything was applied since the last one; zero for never.</summary>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>After this many applied entries a snapshot is taken; 0 leaves it to the size of the log and the interval.</summary>
    public int SnapshotThreshold { get; set; }

    /// <summary>How many entries stay in the log behind a snapshot, for followers that lag a little.</summary>
    public int TrailingLogs { get; set; } = 10_000;

    /// <summary>How many recent entries are kept in memory for replication; capped in bytes too.</summary>
    public int LogCacheSize { get; set; } = 1024;

    /// <summary>The most entries in one message to a follower.</summary>
    public int MaxAppendEntries { get; set; } = 64;

    /// <summary>The most proposals that become one append on the leader.</summary>
    public int ReplicationBatchSize { get; set; } = 100;

    /// <summary>A voter whose wall clock stays further from the voters' median raises an alarm; zero for never.</summary>
    public TimeSpan MaxClockSkew { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// For so long a voter that heard its leader helps nobody else into office, so that the leader may answer queries at <see cref="ReadConsistency.Lease"/> by itself meanwhile; the
    /// shortest election timeout at most. Zero: that long where <see cref="AdvancedSection.EnableLeasedReads"/> is true, and else no leases.
    /// </summary>
    public TimeSpan LeaderLeaseTimeout { get; set; }

    /// <summary>By how much, in thousandths, one node's clock may run faster than another's: leases are kept shorter by it. 0 to 100.</summary>
    public int MaxClockDriftPermille { get; set; } = 10;

    /// <summary>Reinstall a machine whose state was found wrong from a snapshot of the leader's, without being told to.</summary>
    public bool ReinstallQuarantined { get; set; } = true;

    /// <summary>Send the next entries to a follower only after it answered the last ones.</summary>
    public bool DisablePipeline { get; set; }
}
