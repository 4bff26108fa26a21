using System.Globalization;
using System.Net;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>Checks options against themselves. Every sentence names the key, the value and what would be right.</summary>
internal static class ConsensusOptionsValidator
{
    /// <summary>Reports contradictions as refusals, and what is legal but probably not meant as warnings.</summary>
    public static void Validate(ConsensusOptions options, ConfigurationReport report)
    {
        ValidateIdentity(options, report);
        ValidateEndpoints(options, report);
        ValidatePeers(options, report);
        ValidateRaft(options.Raft, report);
        LeaseRules.Validate(options, report);
        ValidateStorage(options, report);
        ValidateTransport(options, report);
    }

    /// <summary>True for what may name a node or a cluster.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= 64 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    private static void ValidateIdentity(ConsensusOptions options, ConfigurationReport report)
    {
        if (options.NodeId.Length == 0 && options.Peers.Count > 0)
            report.Refuse($"node_id is missing: with peers [{Names(options.Peers)}] the node must say which of them it is");
        else if (options.NodeId.Length > 0 && !IsName(options.NodeId))
            report.Refuse($"node_id: '{options.NodeId}' is no name: use 1 to 64 of letters, digits, '.', '_' and '-'");
        if (!IsName(options.ClusterId))
            report.Refuse($"cluster_id: '{options.ClusterId}' is no name: use 1 to 64 of letters, digits, '.', '_' and '-'");
    }

    private static void ValidateEndpoints(ConsensusOptions options, ConfigurationReport report)
    {
        RequirePort("bind_port", options.BindPort, 0, report);
        RequirePort("http_port", options.HttpPort, 0, report);
        RequirePort("advertise_port", options.AdvertisePort, 0, report);
        RequireAddress("bind_addr", options.BindAddr, report);
        RequireAddress("http_addr", options.HttpAddr, report);
        if (options.HttpPort == NodeAddresses.PeerPortOf(options))
            report.Refuse($"http_port and bind_port are both {options.HttpPort}: peers and gRPC clients need a port of their own, because HTTP/2 without TLS can't share one with HTTP/1.1");
        if (IPAddress.TryParse(options.AdvertiseAddr, out IPAddress? advertised) && IsWildcard(advertised))
            report.Refuse($"advertise_addr: '{options.AdvertiseAddr}' is no address that others can reach");
        if (options.AdvertiseHttp.Length > 0 && !IsHostAndPort(options.AdvertiseHttp))
            report.Refuse($"advertise_http: '{options.AdvertiseHttp}' is no host:port");
    }

    private static void ValidatePeers(ConsensusOptions options, ConfigurationReport report)
    {
        foreach (PeerEntry peer in options.Peers)
        {
            if (!IsName(peer.Id))
                report.Refuse($"peers: '{peer.Id}' is no name: use 1 to 64 of letters, digits, '.', '_' and '-'");
            if (peer.Address.Length == 0 || (IPAddress.TryParse(peer.Address, out IPAddress? address) && IsWildcard(address)))
                report.Refuse($"peers: the address '{peer.Address}' of '{peer.Id}' is none that others can reach");
            RequirePort($"peers: the port of '{peer.Id}'", peer.Port, 1, report);
        }

        foreach (IGrouping<string, PeerEntry> twice in options.Peers.GroupBy(peer => peer.Id).Where(group => group.Count() > 1))
            report.Refuse($"peers: '{twice.Key}' is in the list {twice.Count()} times");
        foreach (IGrouping<string, PeerEntry> twice in options.Peers.GroupBy(peer => $"{peer.Address}:{peer.Port}", StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            report.Refuse($"peers: {string.Join(" and ", twice.Select(peer => $"'{peer.Id}'"))} have the same address {twice.Key}");

        if (options.Peers.Count == 0)
            return;
        if (options.NodeId.Length > 0 && options.Peers.All(peer => peer.Id != options.NodeId))
            report.Refuse($"node '{options.NodeId}' is not in peers [{Names(options.Peers)}]");
        if (options.Peers.Count % 2 == 0)
            report.Warn($"{options.Peers.Count} voters tolerate no more failures than {options.Peers.Count - 1}: use an odd number");
        if (options.Peers.Any(peer => !IsLoopback(peer.Address)))
            report.Warn("nodes and clients talk without TLS: everyone on the network between them can read and forge what they say");
    }

    private static void ValidateRaft(RaftSection raft, ConfigurationReport report)
    {
        RequirePositive("raft.heartbeat_interval", raft.HeartbeatInterval, report);
        if (raft.HeartbeatInterval < TimeSpan.FromMilliseconds(2))
            report.Refuse($"raft.heartbeat_interval: {Duration.Format(raft.HeartbeatInterval)} is less than 2ms");
        if (raft.ElectionTimeoutMin < raft.HeartbeatInterval * 2)
            report.Refuse($"raft.election_timeout_min: {Duration.Format(raft.ElectionTimeoutMin)} is less than twice the heartbeat_interval of {Duration.Format(raft.HeartbeatInterval)}");
        else if (raft.ElectionTimeoutMin < raft.HeartbeatInterval * 5)
            report.Warn($"raft.election_timeout_min: {Duration.Format(raft.ElectionTimeoutMin)} is less than five times the heartbeat_interval of {Duration.Format(raft.HeartbeatInterval)}: one lost message may cost an election");
        if (raft.ElectionTimeoutMax < raft.ElectionTimeoutMin)
            report.Refuse($"raft.election_timeout_max: {Duration.Format(raft.ElectionTimeoutMax)} is less than election_timeout_min, {Duration.Format(raft.ElectionTimeoutMin)}");
        else if (raft.ElectionTimeoutMax < raft.ElectionTimeoutMin * 1.5)
            report.Warn($"raft.election_timeout_max: {Duration.Format(raft.ElectionTimeoutMax)} leaves little room above election_timeout_min: nodes may campaign against each other");
        RequireAtLeast("raft.snapshot_threshold", raft.SnapshotThreshold, 0, report);
        RequireAtLeast("raft.trailing_logs", raft.TrailingLogs, 0, report);
        RequireAtLeast("raft.log_cache_size", raft.LogCacheSize, 1, report);
        RequireAtLeast("raft.max_append_entries", raft.MaxAppendEntries, 1, report);
        RequireAtLeast("raft.replication_batch_size", raft.ReplicationBatchSize, 1, report);
    }

    private static void ValidateStorage(ConsensusOptions options, ConfigurationReport report)
    {
        StorageSection storage = options.Storage;
        switch (storage.Type)
        {
            case "zonetree":
                break;
            case "memory":
                report.Warn("storage.type: 'memory' forgets the log when the process ends; for tests only");
                if (options.Peers.Count > 1)
                    report.Refuse("storage.type: 'memory' with peers would let a restarted voter forget its vote; use zonetree");
                break;
            case "badger" or "boltdb" or "pebble":
                report.Warn($"storage.type: there is no '{storage.Type}' for .NET; using zonetree");
                break;
            case "postgres" or "journal" or "file":
                report.Refuse($"storage.type: the store '{storage.Type}' is not built yet: use zonetree");
                break;
            default:
                string? nearest = NearestName.Of(storage.Type, ["zonetree", "memory"]);
                report.Refuse($"storage.type: there is no store '{storage.Type}': {(nearest is null ? "use zonetree or memory" : $"did you mean '{nearest}'?")}");
                break;
        }

        if (storage.Path.Length == 0)
            report.Refuse("storage.path is empty");
        RequireAtLeast("storage.max_batch_size", storage.MaxBatchSize, 1, report);
        RequirePositive("storage.max_batch_delay", storage.MaxBatchDelay, report);
        RequireBetween("storage.badger_options.mem_table_size", storage.MemTableSize, 1L << 20, 1L << 34, ByteSize.Format, report);
        RequireBetween("storage.badger_options.num_mem_tables", storage.MemTables, 1, 1024, null, report);
        if (!storage.SyncWrites)
            report.Warn("storage.sync_writes: false lets a power cut lose commands that were acknowledged");
    }

    private static void ValidateTransport(ConsensusOptions options, ConfigurationReport report)
    {
        TransportSection transport = options.Transport;
        if (transport.Type is "tcp")
            report.Refuse("transport.type: the transport 'tcp' is not built yet: use grpc");
        else if (transport.Type is not "grpc")
            report.Refuse($"transport.type: there is no transport '{transport.Type}': use grpc");
        RequireAtLeast("transport.max_message_size", transport.MaxMessageSize, 64 * 1024, report);
        RequireBetween("transport.compression_level", transport.CompressionLevel, 0, 9, null, report);
        if (transport is { EnableCompression: true, CompressionLevel: 0 })
            report.Warn("transport.compression_level: 0 makes nothing smaller: use 1 to 9, or leave transport.enable_compression off");
        if (transport.Timeout < options.Raft.HeartbeatInterval)
            report.Refuse($"transport.timeout: {Duration.Format(transport.Timeout)} is less than raft.heartbeat_interval, {Duration.Format(options.Raft.HeartbeatInterval)}");
        RequireAtLeast("transport.keep_alive_interval", transport.KeepAliveInterval, TimeSpan.FromSeconds(1), report);
        RequireAtLeast("transport.keep_alive_timeout", transport.KeepAliveTimeout, TimeSpan.FromSeconds(1), report);
        RequirePositive("transport.connection_timeout", transport.ConnectionTimeout, report);
        int others = Math.Max(0, options.Peers.Count - 1);
        RequireAtLeast("transport.max_connections", transport.MaxConnections, Math.Max(1, 3 * others), report);
    }

    private static void RequirePort(string key, int port, int min, ConfigurationReport report)
    {
        if (port < min || port > 65535)
            report.Refuse($"{key}: {port} is no port: use {min} to 65535");
    }

    private static void RequireAddress(string key, string address, ConfigurationReport report)
    {
        if (address.Length > 0 && address is not "localhost" && !IPAddress.TryParse(address, out _))
            report.Refuse($"{key}: '{address}' is no IP address to listen on; the name others use goes into advertise_addr");
    }

    private static void RequirePositive(string key, TimeSpan value, ConfigurationReport report)
    {
        if (value <= TimeSpan.Zero)
            report.Refuse($"{key} must be more than 0");
    }

    private static void RequireAtLeast(string key, int value, int min, ConfigurationReport report)
    {
        if (value < min)
            report.Refuse($"{key}: {value} is less than {min}");
    }

    private static void RequireAtLeast(string key, TimeSpan value, TimeSpan min, ConfigurationReport report)
    {
        if (value < min)
            report.Refuse($"{key}: {Duration.Format(value)} is less than {Duration.Format(min)}");
    }

    private static void RequireBetween(string key, long value, long min, long max, Func<long, string>? format, ConfigurationReport report)
    {
        format ??= static number => number.ToString(CultureInfo.InvariantCulture);
        if (value < min || value > max)
            report.Refuse($"{key}: {format(value)} is not within {format(min)} and {format(max)}");
    }

    private static bool IsHostAndPort(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out Uri? uri) && uri.PathAndQuery == "/" && text.Contains(':', StringComparison.Ordinal);

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static string Names(IEnumerable<PeerEntry> peers) => string.Join(", ", peers.Select(peer => peer.Id));
}
