namespace ReplicatedState.Runtime.Options;

/// <summary>The <c>raft.*</c> keys.</summary>
public sealed record RaftOptions
{
    /// <summary><c>raft.heartbeat_interval</c> in milliseconds: how often a leader says that it lives. A tick is half of it.</summary>
    public int HeartbeatIntervalMs { get; init; } = 1000;

    /// <summary><c>raft.election_timeout_min</c> in milliseconds; at least twice the heartbeat interval.</summary>
    public int ElectionTimeoutMinMs { get; init; } = 5000;

    /// <summary><c>raft.election_timeout_max</c> in milliseconds.</summary>
    public int ElectionTimeoutMaxMs { get; init; } = 10_000;

    /// <summary><c>raft.snapshot_interval</c> in milliseconds: a snapshot is taken when so much time has passed and anything was applied; 0 for never.</summary>
    public long SnapshotIntervalMs { get; init; } = 30 * 60 * 1000;

    /// <summary><c>raft.snapshot_threshold</c>: a snapshot is taken when so many entries were applied since the last; 0 for never.</summary>
    public long SnapshotThreshold { get; init; } = 10_000;

    /// <summary>A snapshot is taken when the entries since the last have more bytes than this and than that snapshot had; 0 for never.</summary>
    public long SnapshotLogBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary><c>raft.log_cache_size</c>: entries of each group kept in memory for replication.</summary>
    public int LogCacheSize { get; init; } = 1024;

    /// <summary>Bytes of entries of each group kept in memory, whichever limit is reached first.</summary>
    public long LogCacheBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary><c>raft.max_append_entries</c>: entries of one Append.</summary>
    public int MaxAppendEntries { get; init; } = 64;

    /// <summary><c>raft.trailing_logs</c>: entries kept behind a snapshot, so that a follower that is a little behind needs no snapshot.</summary>
    public long TrailingLogs { get; init; } = 10_000;

    /// <summary><c>raft.replication_batch_size</c>: proposals that are appended together.</summary>
    public int ReplicationBatchSize { get; init; } = 100;

    /// <summary><c>raft.pre_vote</c>.</summary>
    public bool PreVote { get; init; } = true;

    /// <summary><c>raft.check_quorum</c>.</summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary><c>raft.disable_pipeline</c>: one Append at a time to each follower.</summary>
    public bool DisablePipeline { get; init; }

    /// <summary><c>election.enabled</c>: false for a node that never campaigns by itself.</summary>
    public bool MayCampaign { get; init; } = true;

    /// <summary><c>election.priority</c>: how much this node is preferred as leader, 0 or more; equal everywhere where it doesn't matter.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// <c>raft.leader_lease_timeout</c> in milliseconds: for so long a voter that heard its leader helps nobody else into office, so that the leader may answer queries at
    /// <see cref="ReadConsistency.Lease"/> by itself. 0 for no leases; at most <see cref="ElectionTimeoutMinMs"/>. A node on which it is lowered stays down for the old one first:
    /// what it promised in its earlier life it doesn't know.
    /// </summary>
    public int LeasePromiseMs { get; init; }

    /// <summary><c>raft.max_clock_drift_permille</c>: by how much, in thousandths, one node's monotonic clock may run faster than another's; 0 to 999. Leases are kept shorter by it.</summary>
    public int MaxClockDriftPerMille { get; init; } = 10;

    /// <summary><c>raft.max_clock_skew</c> in milliseconds: a voter whose wall clock stays further from the voters' median raises an alarm; 0 for never.</summary>
    public long MaxClockSkewMs { get; init; } = 500;

    /// <summary><c>raft.reinstall_quarantined</c>: a machine whose state was found wrong is reinstalled from a snapshot of the leader's without being told to.</summary>
    public bool ReinstallQuarantined { get; init; } = true;

    internal void Validate()
    {
        NodeOptions.Require(HeartbeatIntervalMs >= 2, $"raft.heartbeat_interval is {HeartbeatIntervalMs} ms; it must be at least 2 ms");
        NodeOptions.Require(
            ElectionTimeoutMinMs >= 2 * HeartbeatIntervalMs,
            $"raft.election_timeout_min is {ElectionTimeoutMinMs} ms; it must be at least twice raft.heartbeat_interval ({HeartbeatIntervalMs} ms)");
        NodeOptions.Require(
            ElectionTimeoutMaxMs >= ElectionTimeoutMinMs,
            $"raft.election_timeout_max is {ElectionTimeoutMaxMs} ms, less than raft.election_timeout_min ({ElectionTimeoutMinMs} ms)");
        NodeOptions.Require(SnapshotIntervalMs >= 0, "raft.snapshot_interval must not be negative");
        NodeOptions.Require(SnapshotThreshold >= 0, "raft.snapshot_threshold must not be negative");
        NodeOptions.Require(SnapshotLogBytes >= 0, "the bytes of log before a snapshot must not be negative");
        NodeOptions.Require(MaxClockSkewMs >= 0, "raft.max_clock_skew must not be negative");
        NodeOptions.Require(Priority >= 0, "election.priority must not be negative");
        NodeOptions.Require(LeasePromiseMs >= 0, "raft.leader_lease_timeout must not be negative");
        NodeOptions.Require(
            LeasePromiseMs <= ElectionTimeoutMinMs,
            $"raft.leader_lease_timeout is {LeasePromiseMs} ms, more than raft.election_timeout_min ({ElectionTimeoutMinMs} ms): nobody could be elected meanwhile");
        NodeOptions.Require(LeasePromiseMs == 0 || CheckQuorum, "raft.leader_lease_timeout needs raft.check_quorum: without it voters don't stick to a leader");
        NodeOptions.Require(MaxClockDriftPerMille is >= 0 and < 1000, "raft.max_clock_drift_permille must be between 0 and 999");
        NodeOptions.Require(LogCacheSize >= 1, "raft.log_cache_size must be at least 1");
        NodeOptions.Require(LogCacheBytes >= 0, "the bytes of the log cache must not be negative");
        NodeOptions.Require(MaxAppendEntries is >= 1 and <= 65_536, "raft.max_append_entries must be between 1 and 65536");
        NodeOptions.Require(TrailingLogs >= 0, "raft.trailing_logs must not be negative");
        NodeOptions.Require(ReplicationBatchSize is >= 1 and <= 65_536, "raft.replication_batch_size must be between 1 and 65536");
    }
}
