using static ReplicatedState.AspNetCore.Configuration.ConsensusKey;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>Every key that this version obeys, but for <c>peers</c>, which is a list.</summary>
internal static class ConsensusKeys
{
    public static IReadOnlyList<ConsensusKey> All { get; } =
    [
        Text("node_id", o => o.NodeId, (o, v) => o.NodeId = v),
        Text("cluster_id", o => o.ClusterId, (o, v) => o.ClusterId = v),
        Text("bind_addr", o => o.BindAddr, (o, v) => o.BindAddr = v),
        Number("bind_port", o => o.BindPort, (o, v) => o.BindPort = v),
        Text("advertise_addr", o => o.AdvertiseAddr, (o, v) => o.AdvertiseAddr = v),
        Number("advertise_port", o => o.AdvertisePort, (o, v) => o.AdvertisePort = v),
        Text("http_addr", o => o.HttpAddr, (o, v) => o.HttpAddr = v),
        Number("http_port", o => o.HttpPort, (o, v) => o.HttpPort = v),
        Text("advertise_http", o => o.AdvertiseHttp, (o, v) => o.AdvertiseHttp = v),

        Time("raft.heartbeat_interval", o => o.Raft.HeartbeatInterval, (o, v) => o.Raft.HeartbeatInterval = v),
        Time("raft.election_timeout_min", o => o.Raft.ElectionTimeoutMin, (o, v) => o.Raft.ElectionTimeoutMin = v),
        Time("raft.election_timeout_max", o => o.Raft.ElectionTimeoutMax, (o, v) => o.Raft.ElectionTimeoutMax = v),
        Switch("raft.pre_vote", o => o.Raft.PreVote, (o, v) => o.Raft.PreVote = v),
        Switch("raft.check_quorum", o => o.Raft.CheckQuorum, (o, v) => o.Raft.CheckQuorum = v),
        Time("raft.snapshot_interval", o => o.Raft.SnapshotInterval, (o, v) => o.Raft.SnapshotInterval = v),
        Number("raft.snapshot_threshold", o => o.Raft.SnapshotThreshold, (o, v) => o.Raft.SnapshotThreshold = v),
        Number("raft.trailing_logs", o => o.Raft.TrailingLogs, (o, v) => o.Raft.TrailingLogs = v),
        Number("raft.log_cache_size", o => o.Raft.LogCacheSize, (o, v) => o.Raft.LogCacheSize = v),
        Number("raft.max_append_entries", o => o.Raft.MaxAppendEntries, (o, v) => o.Raft.MaxAppendEntries = v),
        Number("raft.replication_batch_size", o => o.Raft.ReplicationBatchSize, (o, v) => o.Raft.ReplicationBatchSize = v),
        Switch("raft.disable_pipeline", o => o.Raft.DisablePipeline, (o, v) => o.Raft.DisablePipeline = v),
        Time("raft.max_clock_skew", o => o.Raft.MaxClockSkew, (o, v) => o.Raft.MaxClockSkew = v),
        Switch("raft.reinstall_quarantined", o => o.Raft.ReinstallQuarantined, (o, v) => o.Raft.ReinstallQuarantined = v),

        Time("raft.leader_lease_timeout", o => o.Raft.LeaderLeaseTimeout, (o, v) => o.Raft.LeaderLeaseTimeout = v),
        Number("raft.max_clock_drift_permille", o => o.Raft.MaxClockDriftPermille, (o, v) => o.Raft.MaxClockDriftPermille = v),

        Switch("election.enabled", o => o.Election.Enabled, (o, v) => o.Election.Enabled = v),
        Switch("election.pre_vote", o => o.Election.PreVote ?? o.Raft.PreVote, (o, v) => o.Election.PreVote = v),
        Switch("election.priority_election", o => o.Election.PriorityElection, (o, v) => o.Election.PriorityElection = v),
        Number("election.priority", o => o.Election.Priority, (o, v) => o.Election.Priority = v),
        Time("election.leader_stickiness", o => o.Election.LeaderStickiness, (o, v) => o.Election.LeaderStickiness = v),

        Switch("advanced.enable_leased_reads", o => o.Advanced.EnableLeasedReads ?? o.Raft.LeaderLeaseTimeout > TimeSpan.Zero, (o, v) => o.Advanced.EnableLeasedReads = v),

        Switch("upgrade.auto_activate", o => o.UpgradeAutoActivate ?? false, (o, v) => o.UpgradeAutoActivate = v),

        Text("storage.type", o => o.Storage.Type, (o, v) => o.Storage.Type = v.ToLowerInvariant()),
        Text("storage.path", o => o.Storage.Path, (o, v) => o.Storage.Path = v),
        Number("storage.max_batch_size", o => o.Storage.MaxBatchSize, (o, v) => o.Storage.MaxBatchSize = v),
        Time("storage.max_batch_delay", o => o.Storage.MaxBatchDelay, (o, v) => o.Storage.MaxBatchDelay = v),
        Switch("storage.compact_on_start", o => o.Storage.CompactOnStart, (o, v) => o.Storage.CompactOnStart = v),
        Size("storage.badger_options.mem_table_size", o => o.Storage.MemTableSize, (o, v) => o.Storage.MemTableSize = v),
        Number("storage.badger_options.num_mem_tables", o => o.Storage.MemTables, (o, v) => o.Storage.MemTables = v),
        Switch("storage.sync_writes", o => o.Storage.SyncWrites, (o, v) => o.Storage.SyncWrites = v),
        Size("storage.low_space", o => o.Storage.LowSpace, (o, v) => o.Storage.LowSpace = v),
        Number("storage.low_space_percent", o => o.Storage.LowSpacePercent, (o, v) => o.Storage.LowSpacePercent = v),
        Size("storage.reserve", o => o.Storage.Reserve, (o, v) => o.Storage.Reserve = v),

        Text("transport.type", o => o.Transport.Type, (o, v) => o.Transport.Type = v.ToLowerInvariant()),
        Size("transport.max_message_size", o => o.Transport.MaxMessageSize, (o, v) => o.Transport.MaxMessageSize = checked((int)v), int.MaxValue),
        Time("transport.timeout", o => o.Transport.Timeout, (o, v) => o.Transport.Timeout = v),
        Switch("transport.keep_alive", o => o.Transport.KeepAlive, (o, v) => o.Transport.KeepAlive = v),
        Time("transport.keep_alive_interval", o => o.Transport.KeepAliveInterval, (o, v) => o.Transport.KeepAliveInterval = v),
        Time("transport.keep_alive_timeout", o => o.Transport.KeepAliveTimeout, (o, v) => o.Transport.KeepAliveTimeout = v),
        Number("transport.max_connections", o => o.Transport.MaxConnections, (o, v) => o.Transport.MaxConnections = v),
        Time("transport.connection_timeout", o => o.Transport.ConnectionTimeout, (o, v) => o.Transport.ConnectionTimeout = v),
        Time("transport.idle_timeout", o => o.Transport.IdleTimeout, (o, v) => o.Transport.IdleTimeout = v),
        Size("transport.snapshot_rate", o => o.Transport.SnapshotRate, (o, v) => o.Transport.SnapshotRate = v),
        Switch("transport.enable_multiplexing", o => o.Transport.EnableMultiplexing, (o, v) => o.Transport.EnableMultiplexing = v),
        Switch("transport.enable_compression", o => o.Transport.EnableCompression, (o, v) => o.Transport.EnableCompression = v),
        Number("transport.compression_level", o => o.Transport.CompressionLevel, (o, v) => o.Transport.CompressionLevel = v),
    ];
}
