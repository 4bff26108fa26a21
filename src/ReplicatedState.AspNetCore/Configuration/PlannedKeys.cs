namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>
/// Keys that a later version will obey. A value that asks for protection, durability or discovery which isn't there refuses to start; one that only
/// tunes or observes gets a warning. Nothing is accepted in silence unless it says what happens anyway.
/// </summary>
internal static class PlannedKeys
{
    private const string NoTls = "this version has no TLS: put it behind one that has (a service mesh, stunnel), or bind to loopback";
    private const string NoEncryption = "this version doesn't encrypt its files: use an encrypted file system";
    private const string NoAuthentication = "this version doesn't authenticate HTTP callers: bind http_addr to loopback, or protect it in front";

    public static IReadOnlyList<PlannedKey> All { get; } =
    [
        new("storage.badger_options.value_log_max_entries", TunesOtherStore: true),
        new("storage.badger_options.num_level_zero_tables", TunesOtherStore: true),
        new("storage.badger_options.num_compactors", TunesOtherStore: true),
        new("storage.bolt_options.no_sync", "false", "whether entries are synced before they are acknowledged is said by storage.sync_writes"),
        new("storage.bolt_options.no_grow_sync", TunesOtherStore: true),
        new("storage.bolt_options.initial_mmap_size", TunesOtherStore: true),
        new("storage.bolt_options.timeout", TunesOtherStore: true),
        new("storage.postgres_options.connection_string", null, "the PostgreSQL store is not built yet"),
        new("storage.postgres_options.schema", null, "the PostgreSQL store is not built yet"),
        new("storage.postgres_options.command_timeout", null, "the PostgreSQL store is not built yet"),

        new("discovery.type", "static", "this version finds its peers in the list 'peers' only"),
        new("discovery.endpoints"),
        new("discovery.namespace"),
        new("discovery.service_name"),
        new("discovery.refresh_interval"),
        new("discovery.timeout"),
        new("discovery.ttl"),
        new("discovery.enable_watch"),

        new("election.randomized_timeout", "true", "election timeouts are always drawn at random"),
        new("election.step_down_on_remove", "true"),

        new("security.enable_tls", "false", NoTls),
        new("security.enable_mtls", "false", NoTls),
        new("security.cert_file", null, NoTls),
        new("security.key_file", null, NoTls),
        new("security.ca_file", null, NoTls),
        new("security.skip_verify", "false", NoTls),
        new("security.cluster_token", null, "this version doesn't check a cluster token"),
        new("security.enable_encryption", "false", NoEncryption),
        new("security.encryption_key", null, NoEncryption),

        new("health.enabled", "true"),
        new("health.check_interval"),
        new("health.timeout"),
        new("health.unhealthy_threshold"),
        new("health.healthy_threshold"),

        new("observability.metrics.enabled", "false"),
        new("observability.metrics.collection_interval"),
        new("observability.metrics.namespace"),
        new("observability.metrics.enable_detailed_metrics", "false"),
        new("observability.tracing.enabled", "false"),
        new("observability.tracing.service_name"),
        new("observability.tracing.sample_rate"),
        new("observability.logging.level"),
        new("observability.logging.enable_structured"),
        new("observability.logging.log_raft_details"),

        new("admin_api.enabled"),
        new("admin_api.path_prefix", "/consensus", "pass the prefix to MapReplicatedState"),
        new("admin_api.enable_auth", "false", NoAuthentication),
        new("admin_api.api_key", null, NoAuthentication),

        new("resilience.enable_retry", "true"),
        new("resilience.max_retries"),
        new("resilience.retry_delay"),
        new("resilience.retry_backoff_factor"),
        new("resilience.max_retry_delay"),
        new("resilience.enable_circuit_breaker", "false"),
        new("resilience.circuit_breaker_threshold"),
        new("resilience.circuit_breaker_timeout"),

        new("events.enabled", "false"),
        new("events.emit_leader_change"),
        new("events.emit_node_events"),
        new("events.emit_cluster_events"),

        new("advanced.enable_auto_snapshot", "true", "set raft.snapshot_threshold and raft.snapshot_interval instead"),
        new("advanced.enable_auto_compaction", "true", "set raft.trailing_logs instead"),
        new("advanced.compaction_interval"),
        new("advanced.max_memory_usage"),
        new("advanced.gc_interval"),
        new("advanced.enable_read_index", "true"),
    ];
}
