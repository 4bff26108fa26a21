using Microsoft.Extensions.Configuration;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Tests.Configuration;

public sealed class ConsensusConfigurationReaderTests
{
    [Fact]
    public void Nothing_at_all_is_a_valid_configuration()
    {
        Configured configured = Configured.Json("{}").Accepted();
        Assert.Empty(configured.Report.Warnings);
        Assert.Empty(configured.Options.Peers);
    }

    [Theory]
    [InlineData("node_id", "cluster_id", "raft", "heartbeat_interval")]
    [InlineData("NodeId", "ClusterId", "Raft", "HeartbeatInterval")]
    [InlineData("nodeID", "clusterID", "raft", "heartbeatInterval")]
    public void Keys_may_be_written_in_snake_case_or_pascal_case(string node, string cluster, string raft, string heartbeat)
    {
        string json = $$"""{ "consensus": { "{{node}}": "n1", "{{cluster}}": "prod", "{{raft}}": { "{{heartbeat}}": "50ms" } } }""";
        Configured configured = Configured.Json(json).Accepted();
        Assert.Equal("n1", configured.Options.NodeId);
        Assert.Equal("prod", configured.Options.ClusterId);
        Assert.Equal(TimeSpan.FromMilliseconds(50), configured.Options.Raft.HeartbeatInterval);
    }

    [Fact]
    public void The_section_may_stand_below_extensions() =>
        Assert.Equal(7100, Configured.Json("""{ "extensions": { "consensus": { "bind_port": 7100 } } }""").Accepted().Options.BindPort);

    [Fact]
    public void The_short_environment_names_set_their_keys()
    {
        ConsensusOptions options = Configured.Environment(
            ("CONSENSUS_NODE_ID", "n7"), ("CONSENSUS_CLUSTER_ID", "blue"), ("CONSENSUS_BIND_ADDR", "127.0.0.1"), ("CONSENSUS_BIND_PORT", "7007"),
            ("CONSENSUS_STORAGE_PATH", "/data/n7"), ("CONSENSUS_TRANSPORT_TYPE", "grpc"), ("CONSENSUS_DISCOVERY_TYPE", "static"),
            ("CONSENSUS_ENABLE_TLS", "false"), ("CONSENSUS_ENABLE_METRICS", "false")).Accepted().Options;
        Assert.Equal(("n7", "blue", "127.0.0.1", 7007, "/data/n7", "grpc"), (options.NodeId, options.ClusterId, options.BindAddr, options.BindPort, options.Storage.Path, options.Transport.Type));
    }

    [Fact]
    public void Every_other_key_is_reached_from_the_environment_by_two_underscores()
    {
        ConsensusOptions options = Configured.Environment(
            ("CONSENSUS_RAFT__HEARTBEAT_INTERVAL", "75ms"), ("CONSENSUS_HTTP_PORT", "9090"), ("CONSENSUS_PEERS__0__ID", "a"), ("CONSENSUS_PEERS__0__ADDRESS", "127.0.0.1"),
            ("CONSENSUS_PEERS__0__PORT", "7000"), ("CONSENSUS_NODE_ID", "a")).Accepted().Options;
        Assert.Equal(TimeSpan.FromMilliseconds(75), options.Raft.HeartbeatInterval);
        Assert.Equal(9090, options.HttpPort);
        Assert.Equal("a=127.0.0.1:7000", Assert.Single(options.Peers).ToString());
    }

    [Fact]
    public void The_environment_wins_over_a_file_that_spells_the_key_differently() =>
        Assert.Equal("from-environment", Configured.Json("""{ "Consensus": { "NodeId": "from-file" } }""", ("CONSENSUS_NODE_ID", "from-environment")).Accepted().Options.NodeId);

    [Fact]
    public void Variables_that_kubernetes_sets_for_a_service_of_that_name_are_not_keys() =>
        Configured.Environment(("CONSENSUS_SERVICE_HOST", "10.0.0.1"), ("CONSENSUS_PORT", "tcp://10.0.0.1:7000"), ("CONSENSUS_PORT_7000_TCP_ADDR", "10.0.0.1")).Accepted();

    [Fact]
    public void An_unknown_key_is_refused_with_the_nearest_one() =>
        Configured.Json("""{ "consensus": { "raft": { "hearbeat_intervall": "1s" } } }""").RefusedWith("there is no key 'raft.hearbeat_intervall': did you mean 'raft.heartbeat_interval'?");

    [Fact]
    public void A_key_in_the_wrong_section_is_refused_with_the_right_one() =>
        Configured.Json("""{ "consensus": { "snapshot_threshold": 5 } }""").RefusedWith("did you mean 'raft.snapshot_threshold'?");

    [Fact]
    public void A_key_that_resembles_nothing_is_refused_with_where_to_look() =>
        Configured.Json("""{ "consensus": { "colour_of_the_bikeshed": "red" } }""").RefusedWith("see docs/configuration.md");

    [Fact]
    public void A_value_where_a_section_belongs_is_refused() =>
        Configured.Json("""{ "consensus": { "raft": "fast" } }""").RefusedWith("'raft' is a section");

    [Fact]
    public void A_key_that_is_set_twice_in_one_file_is_refused() =>
        Configured.Json("""{ "consensus": { "node_id": "a", "NodeId": "b" } }""").RefusedWith("is set twice");

    [Fact]
    public void A_duration_without_unit_is_refused_by_key_and_value() =>
        Configured.Json("""{ "consensus": { "raft": { "heartbeat_interval": 30 } } }""").RefusedWith("raft.heartbeat_interval: '30' has no unit: write 30s or 30ms");

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        Configured configured = Configured.Json("""{ "consensus": { "bind_port": 70000, "node_id": "a b", "raft": { "pre_vote": "maybe" } } }""");
        string message = Assert.Throws<InvalidConfigurationException>(configured.Report.ThrowIfRefused).Message;
        Assert.Contains("3 mistakes", message, StringComparison.Ordinal);
        Assert.Contains("bind_port: 70000 is no port", message, StringComparison.Ordinal);
        Assert.Contains("'a b' is no name", message, StringComparison.Ordinal);
        Assert.Contains("raft.pre_vote: 'maybe' is neither true nor false", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security:enable_tls", "true", "this version has no TLS")]
    [InlineData("security:enable_encryption", "true", "doesn't encrypt")]
    [InlineData("admin_api:enable_auth", "true", "doesn't authenticate")]
    [InlineData("discovery:type", "consul", "in the list 'peers' only")]
    [InlineData("storage:type", "postgres", "not built yet")]
    [InlineData("transport:type", "tcp", "not built yet")]
    public void What_asks_for_protection_or_parts_that_are_not_there_refuses_to_start(string key, string value, string sentence) =>
        Configured.From(Values(($"consensus:{key}", value))).RefusedWith(sentence);

    [Theory]
    [InlineData("events:emit_leader_change", "true")]
    [InlineData("storage:bolt_options:timeout", "1s")]
    [InlineData("advanced:gc_interval", "5m")]
    [InlineData("storage:type", "badger")]
    public void What_merely_has_no_effect_is_accepted_with_a_warning(string key, string value) =>
        Assert.Single(Configured.From(Values(($"consensus:{key}", value))).Accepted().Report.Warnings);

    [Theory]
    [InlineData("security:enable_tls", "false")]
    [InlineData("discovery:type", "static")]
    [InlineData("storage:bolt_options:no_sync", "false")]
    public void A_planned_key_that_says_what_happens_anyway_is_accepted_in_silence(string key, string value) =>
        Assert.Empty(Configured.From(Values(($"consensus:{key}", value))).Accepted().Report.Warnings);

    [Fact]
    public void Keys_that_tune_other_stores_get_one_warning_together() =>
        Assert.Equal(
            "storage.badger_options.num_compactors, storage.bolt_options.initial_mmap_size: zonetree has nothing of the kind to tune, so this has no effect",
            Assert.Single(Configured.Json(
                """{ "consensus": { "storage": { "badger_options": { "num_compactors": 4, "mem_table_size": "64MiB" }, "bolt_options": { "initial_mmap_size": 0 } } } }""").Accepted().Report.Warnings));

    [Fact]
    public void A_store_that_is_told_not_to_sync_by_another_stores_key_refuses_and_names_the_own_one() =>
        Configured.From(Values(("consensus:storage:bolt_options:no_sync", "true"))).RefusedWith("storage.sync_writes");

    [Fact]
    public void Peers_may_be_written_in_one_line()
    {
        ConsensusOptions options = Configured.Json(
            """{ "consensus": { "node_id": "n2", "peers": [ { "id": "x", "address": "127.0.0.1", "port": 1 } ] } }""",
            ("CONSENSUS_PEERS", "n1=127.0.0.1:7001, n2=127.0.0.1:7002, n3=[::1]:7003")).Accepted().Options;
        Assert.Equal(["n1=127.0.0.1:7001", "n2=127.0.0.1:7002", "n3=::1:7003"], options.Peers.Select(peer => peer.ToString()));
    }

    [Fact]
    public void A_peer_that_is_no_name_and_address_is_refused() =>
        Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", "n1:7001")).RefusedWith("'n1:7001' is no peer: write name=host:port");

    [Fact]
    public void An_unknown_member_of_a_peer_is_refused_with_the_nearest_one() =>
        Configured.Json("""{ "consensus": { "peers": [ { "id": "a", "adress": "h", "port": 1 } ] } }""").RefusedWith("did you mean 'address'?");

    [Fact]
    public void Every_key_shows_its_value_in_a_form_that_it_reads_back()
    {
        foreach (ConsensusKey key in ConsensusKeys.All)
        {
            var options = new ConsensusOptions();
            string shown = key.Show(options);
            key.Assign(options, shown);
            Assert.Equal(shown, key.Show(options));
        }
    }

    private static IConfigurationRoot Values(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
