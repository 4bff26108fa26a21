using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.AspNetCore.Hosting;
using ReplicatedState.Runtime.Options;

namespace ReplicatedState.AspNetCore.Tests.Configuration;

public sealed class LeaseRulesTests
{
    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("true", null, 1000)]
    [InlineData(null, "500ms", 500)]
    [InlineData("true", "500ms", 500)]
    [InlineData("false", null, 0)]
    [InlineData("false", "0s", 0)]
    public void Leases_are_on_where_one_of_their_keys_asks_for_them(string? enabled, string? timeout, int promiseMs)
    {
        var variables = new List<(string, string)>();
        if (enabled is not null)
            variables.Add(("CONSENSUS_ADVANCED__ENABLE_LEASED_READS", enabled));
        if (timeout is not null)
            variables.Add(("CONSENSUS_RAFT__LEADER_LEASE_TIMEOUT", timeout));

        Configured configured = Configured.Environment([.. variables]).Accepted();

        Assert.Equal(TimeSpan.FromMilliseconds(promiseMs), LeaseRules.PromiseOf(configured.Options));
        Assert.Empty(configured.Report.Warnings);
    }

    [Fact]
    public void What_is_configured_reaches_the_node()
    {
        Configured configured = Configured.Environment(
            ("CONSENSUS_ADVANCED__ENABLE_LEASED_READS", "true"),
            ("CONSENSUS_RAFT__MAX_CLOCK_DRIFT_PERMILLE", "25"),
            ("CONSENSUS_ELECTION__PRIORITY_ELECTION", "true"),
            ("CONSENSUS_ELECTION__PRIORITY", "7"),
            ("CONSENSUS_ELECTION__PRE_VOTE", "false")).Accepted();

        RaftOptions raft = NodeFactory.OptionsOf(new NodeConfiguration(configured.Options, NodeAddresses.Of(configured.Options), [])).Raft;

        Assert.Equal((1000, 25, 7, false), (raft.LeasePromiseMs, raft.MaxClockDriftPerMille, raft.Priority, raft.PreVote));
    }

    [Theory]
    [InlineData("RAFT__LEADER_LEASE_TIMEOUT", "2s", "raft.leader_lease_timeout: 2s is more than raft.election_timeout_min, 1s: nobody could be elected meanwhile")]
    [InlineData("RAFT__MAX_CLOCK_DRIFT_PERMILLE", "101", "raft.max_clock_drift_permille: 101 is not within 0 and 100")]
    [InlineData("ELECTION__PRIORITY", "-1", "election.priority: -1 is less than 0")]
    [InlineData("ELECTION__LEADER_STICKINESS", "200ms", "election.leader_stickiness: 200ms is less than raft.election_timeout_min, 1s")]
    [InlineData("ELECTION__ENABLED", "false", "election.enabled: false leaves a node without peers without a leader")]
    public void A_value_that_cannot_be_meant_is_refused_in_words(string variable, string value, string sentence) =>
        Configured.Environment(($"CONSENSUS_{variable}", value)).RefusedWith(sentence);

    [Fact]
    public void A_lease_without_the_check_of_the_quorum_is_refused() =>
        Configured.Environment(("CONSENSUS_ADVANCED__ENABLE_LEASED_READS", "true"), ("CONSENSUS_RAFT__CHECK_QUORUM", "false"))
            .RefusedWith("raft.leader_lease_timeout needs raft.check_quorum");

    [Fact]
    public void A_length_for_what_is_turned_off_is_refused() =>
        Configured.Environment(("CONSENSUS_ADVANCED__ENABLE_LEASED_READS", "false"), ("CONSENSUS_RAFT__LEADER_LEASE_TIMEOUT", "500ms"))
            .RefusedWith("raft.leader_lease_timeout: 500ms asks for leases, and advanced.enable_leased_reads: false turns them off");

    [Fact]
    public void Two_names_of_one_setting_that_contradict_each_other_are_refused() =>
        Configured.Environment(("CONSENSUS_ELECTION__PRE_VOTE", "true"), ("CONSENSUS_RAFT__PRE_VOTE", "false")).RefusedWith("they are one setting, so write it once");

    [Theory]
    [InlineData("RAFT__LEADER_LEASE_TIMEOUT", "100ms", "leases will mostly have run out")]
    [InlineData("ELECTION__PRIORITY", "3", "counts only with election.priority_election: true")]
    public void A_value_that_is_hardly_meant_gets_a_warning(string variable, string value, string words) =>
        Assert.Contains(words, Assert.Single(Configured.Environment(($"CONSENSUS_{variable}", value)).Accepted().Report.Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_longer_stickiness_changes_nothing_and_is_accepted() => Assert.Empty(Configured.Environment(("CONSENSUS_ELECTION__LEADER_STICKINESS", "10s")).Accepted().Report.Warnings);
}
