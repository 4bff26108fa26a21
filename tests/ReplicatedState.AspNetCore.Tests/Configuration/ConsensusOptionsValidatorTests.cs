namespace ReplicatedState.AspNetCore.Tests.Configuration;

public sealed class ConsensusOptionsValidatorTests
{
    private const string ThreePeers = "n1=127.0.0.1:7001,n2=127.0.0.1:7002,n3=127.0.0.1:7003";

    [Fact]
    public void A_node_that_is_not_among_its_peers_is_refused() =>
        Configured.Environment(("CONSENSUS_NODE_ID", "n2"), ("CONSENSUS_PEERS", "n1=127.0.0.1:7001,n3=127.0.0.1:7003")).RefusedWith("node 'n2' is not in peers [n1, n3]");

    [Fact]
    public void Peers_without_a_name_of_its_own_are_refused() =>
        Configured.Environment(("CONSENSUS_PEERS", ThreePeers)).RefusedWith("node_id is missing: with peers [n1, n2, n3]");

    [Fact]
    public void Two_peers_of_one_name_are_refused() =>
        Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", "n1=127.0.0.1:7001,n1=127.0.0.1:7002")).RefusedWith("'n1' is in the list 2 times");

    [Fact]
    public void Two_peers_at_one_address_are_refused() =>
        Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", "n1=127.0.0.1:7001,n2=127.0.0.1:7001")).RefusedWith("'n1' and 'n2' have the same address 127.0.0.1:7001");

    [Fact]
    public void A_peer_without_a_reachable_address_is_refused() =>
        Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", "n1=0.0.0.0:7001")).RefusedWith("the address '0.0.0.0' of 'n1' is none that others can reach");

    [Fact]
    public void One_port_for_both_endpoints_is_refused() =>
        Configured.Environment(("CONSENSUS_BIND_PORT", "8080")).RefusedWith("http_port and bind_port are both 8080");

    [Fact]
    public void A_host_name_to_listen_on_is_refused_with_where_it_belongs() =>
        Configured.Environment(("CONSENSUS_BIND_ADDR", "node1.example")).RefusedWith("advertise_addr");

    [Fact]
    public void An_election_timeout_below_two_heartbeats_is_refused() =>
        Configured.Environment(("CONSENSUS_RAFT__HEARTBEAT_INTERVAL", "600ms")).RefusedWith("raft.election_timeout_min: 1s is less than twice the heartbeat_interval of 600ms");

    [Fact]
    public void An_election_timeout_close_to_the_heartbeat_gets_a_warning() =>
        Assert.Contains("less than five times", Assert.Single(Configured.Environment(("CONSENSUS_RAFT__HEARTBEAT_INTERVAL", "300ms")).Accepted().Report.Warnings), StringComparison.Ordinal);

    [Fact]
    public void An_even_number_of_voters_gets_a_warning() =>
        Assert.Contains("use an odd number", Assert.Single(Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", "n1=127.0.0.1:7001,n2=127.0.0.1:7002")).Accepted().Report.Warnings), StringComparison.Ordinal);

    [Fact]
    public void Peers_off_loopback_get_a_warning_about_the_missing_tls() =>
        Assert.Contains("without TLS", Assert.Single(Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", "n1=a.example:7001,n2=b.example:7001,n3=c.example:7001")).Accepted().Report.Warnings), StringComparison.Ordinal);

    [Fact]
    public void Acknowledging_before_syncing_gets_a_warning() =>
        Assert.Contains("power cut", Assert.Single(Configured.Environment(("CONSENSUS_STORAGE__SYNC_WRITES", "false")).Accepted().Report.Warnings), StringComparison.Ordinal);

    [Theory]
    [InlineData("TRANSPORT__COMPRESSION_LEVEL", "10", "transport.compression_level: 10 is not within 0 and 9")]
    [InlineData("STORAGE__MAX_BATCH_DELAY", "0s", "storage.max_batch_delay must be more than 0")]
    [InlineData("STORAGE__BADGER_OPTIONS__MEM_TABLE_SIZE", "64KiB", "storage.badger_options.mem_table_size: 64KiB is not within 1MiB and 16GiB")]
    [InlineData("STORAGE__BADGER_OPTIONS__NUM_MEM_TABLES", "0", "storage.badger_options.num_mem_tables: 0 is not within 1 and 1024")]
    public void A_value_out_of_range_is_refused_with_the_range(string variable, string value, string sentence) =>
        Configured.Environment(($"CONSENSUS_{variable}", value)).RefusedWith(sentence);

    [Fact]
    public void Compression_that_compresses_nothing_gets_a_warning() =>
        Assert.Contains("makes nothing smaller", Assert.Single(Configured.Environment(("CONSENSUS_TRANSPORT__ENABLE_COMPRESSION", "true"), ("CONSENSUS_TRANSPORT__COMPRESSION_LEVEL", "0")).Accepted().Report.Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_store_that_forgets_votes_is_refused_in_a_cluster() =>
        Configured.Environment(("CONSENSUS_NODE_ID", "n1"), ("CONSENSUS_PEERS", ThreePeers), ("CONSENSUS_STORAGE__TYPE", "memory")).RefusedWith("would let a restarted voter forget its vote");

    [Fact]
    public void A_misspelt_store_is_refused_with_the_nearest_one() =>
        Configured.Environment(("CONSENSUS_STORAGE__TYPE", "zonetre")).RefusedWith("did you mean 'zonetree'?");
}
