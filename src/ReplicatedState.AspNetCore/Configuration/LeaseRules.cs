namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>What the keys about leases and elections mean together.</summary>
internal static class LeaseRules
{
    private const int MaxClockDriftPermilleMax = 100;

    /// <summary>For how long a voter sticks to the leader that it heard; zero where leases are off.</summary>
    public static TimeSpan PromiseOf(ConsensusOptions options)
    {
        TimeSpan set = options.Raft.LeaderLeaseTimeout;
        bool isOn = options.Advanced.EnableLeasedReads ?? set > TimeSpan.Zero;
        return !isOn ? TimeSpan.Zero : set > TimeSpan.Zero ? set : options.Raft.ElectionTimeoutMin;
    }

    /// <summary>Whether nodes ask before they campaign.</summary>
    public static bool PreVoteOf(ConsensusOptions options) => options.Raft.PreVote && options.Election.PreVote != false;

    public static void Validate(ConsensusOptions options, ConfigurationReport report)
    {
        ValidateLease(options, report);
        ElectionSection election = options.Election;
        if (election.PreVote == true && !options.Raft.PreVote)
            report.Refuse("election.pre_vote is true and raft.pre_vote is false: they are one setting, so write it once");
        if (election.Priority < 0)
            report.Refuse($"election.priority: {election.Priority} is less than 0");
        if (election.Priority > 0 && !election.PriorityElection)
            report.Warn($"election.priority: {election.Priority} counts only with election.priority_election: true");
        if (election.PriorityElection && !options.Raft.CheckQuorum)
            report.Warn("election.priority_election: without raft.check_quorum a leader doesn't know who is well, so it hands over to nobody");
        if (election.LeaderStickiness < TimeSpan.Zero)
            report.Refuse("election.leader_stickiness must not be negative");
        else if (election.LeaderStickiness > TimeSpan.Zero && election.LeaderStickiness < options.Raft.ElectionTimeoutMin)
            report.Refuse($"election.leader_stickiness: {Duration.Format(election.LeaderStickiness)} is less than raft.election_timeout_min, {Duration.Format(options.Raft.ElectionTimeoutMin)}, for which voters stick to a leader in any case: lower that one, or leave this key out");
        if (!election.Enabled && options.Peers.Count < 2)
            report.Refuse("election.enabled: false leaves a node without peers without a leader");
    }

    private static void ValidateLease(ConsensusOptions options, ConfigurationReport report)
    {
        RaftSection raft = options.Raft;
        TimeSpan set = raft.LeaderLeaseTimeout;
        if (set < TimeSpan.Zero)
            report.Refuse("raft.leader_lease_timeout must not be negative");
        if (raft.MaxClockDriftPermille is < 0 or > MaxClockDriftPermilleMax)
            report.Refuse($"raft.max_clock_drift_permille: {raft.MaxClockDriftPermille} is not within 0 and {MaxClockDriftPermilleMax}");
        if (set > TimeSpan.Zero && options.Advanced.EnableLeasedReads == false)
            report.Refuse($"raft.leader_lease_timeout: {Duration.Format(set)} asks for leases, and advanced.enable_leased_reads: false turns them off");
        TimeSpan promise = PromiseOf(options);
        if (promise <= TimeSpan.Zero)
            return;
        if (!raft.CheckQuorum)
            report.Refuse("raft.leader_lease_timeout needs raft.check_quorum: without it voters don't stick to a leader, and a lease would be worth nothing");
        if (set > raft.ElectionTimeoutMin)
            report.Refuse($"raft.leader_lease_timeout: {Duration.Format(set)} is more than raft.election_timeout_min, {Duration.Format(raft.ElectionTimeoutMin)}: nobody could be elected meanwhile");
        else if (promise <= raft.HeartbeatInterval)
            report.Warn($"raft.leader_lease_timeout: {Duration.Format(promise)} is not more than a heartbeat_interval of {Duration.Format(raft.HeartbeatInterval)}: leases will mostly have run out");
    }
}
