namespace ReplicatedState.Consensus;

/// <summary>Bugs that the field has shipped, to be put back on purpose: a test suite that misses one of them proves nothing.</summary>
/// <remarks>
/// To add one: a member here that says what it does, one condition on <see cref="CoreConfig.Mutant"/> at the place of the bug, and a schedule in
/// tests/ReplicatedState.Consensus.Tests/Traps, without which the tests fail.
/// </remarks>
internal enum CoreMutant
{
    /// <summary>The core as it should be.</summary>
    None,

    // Elections, terms, votes.
    [PlantedBug("1", "A vote, asked for or given, leaves before the disk has it (sofa-jraft #1243, #1245).")]
    VoteBeforeDurable,

    [PlantedBug("1", "A vote is granted without being written down (forge E3).")]
    VoteNotPersisted,

    [PlantedBug("E4", "A restarted node has forgotten whom it voted for (forge E4).")]
    VoteForgottenAtRestart,

    [PlantedBug("E1", "A second vote is given in the same term (forge E1).")]
    SecondVoteInTerm,

    [PlantedBug("7", "A vote is granted to a candidate whose log is behind (forge E1; openraft a48a3282).")]
    NoLogCheckOnVote,

    [PlantedBug("3", "A pre-vote request raises the term of whoever is asked (ra #608; forge E5).")]
    PreVoteAdoptsTerm,

    [PlantedBug("4", "A pre-vote of an old term isn't answered, so that its sender never learns the new one (etcd 3c7359d; openraft #1796).")]
    OldPreVoteUnanswered,

    [PlantedBug("4", "A vote request of an old term isn't answered, so that its sender never learns the newer one (Raft 5.1).")]
    OldVoteUnanswered,

    [PlantedBug("5", "Followers refuse their own leader, which restarted and asks, because they have a leader (hashicorp/raft #605).")]
    LeaderRefusedByItsFollowers,

    [PlantedBug("6", "A grant of an earlier round of pre-votes counts in this one (raft-rs #83, #84; openraft 511f33c7).")]
    StalePreVoteCounted,

    [PlantedBug("E2", "A late grant of an earlier term counts in this one (forge E2).")]
    StaleVoteCounted,

    [PlantedBug("8", "A refusal counts as a grant (openraft b06cbb37).")]
    RefusalCountedAsGrant,

    [PlantedBug("9", "A node that thinks it is a learner refuses its vote, although it has been promoted (etcd #10998).")]
    LearnerRefusesVote,

    [PlantedBug("10", "A learner campaigns (hashicorp/raft #398; openraft 39690593).")]
    LearnerCampaigns,

    [PlantedBug("11", "A candidate stays one although it hears the leader of its term (ra 3b904736; forge E9).")]
    CandidateIgnoresLeader,

    [PlantedBug("13", "Followers that hear their leader help to replace it (dissertation 4.2.3).")]
    NoStickiness,

    [PlantedBug("14", "Half of the voters count as a majority (hashicorp/raft 163a55f; forge S8).")]
    QuorumOffByOne,

    [PlantedBug("16", "A restarted follower votes at once, although it may have promised not to (etcd raft, leader unknown after a restart).")]
    NoAbstentionAfterRestart,

    [PlantedBug("E5", "A leader that hears from nobody reigns on (forge E5).")]
    NoQuorumCheck,

    [PlantedBug("E6", "A new leader appends no entry of its own (forge E6).")]
    NoEntryOfOwnTerm,

    // Replication, commit, durability.
    [PlantedBug("2", "Entries reach the disk before the term that they came in (openraft, I/O ordering).")]
    TermAfterEntries,

    [PlantedBug("17", "An entry of an old term is committed by counting its copies (Raft 5.4.2, figure 8; openraft a5064712).")]
    CommitOldTermByCount,

    [PlantedBug("18", "A late, short Append cuts off what came after it (hashicorp/raft 0f31a01; openraft 9540c904).")]
    ShortAppendTruncates,

    [PlantedBug("19", "A truncation leaves the durable index where it was, so that what is written next counts as durable (ra #637).")]
    StaleDurableAfterTruncation,

    [PlantedBug("20", "The end of an old write covers entries that were rewritten meanwhile (etcd, append ABA).")]
    AppendAba,

    [PlantedBug("S3", "A follower acknowledges entries before they are durable (forge S3; sofa-jraft 77223711).")]
    AckBeforeDurable,

    [PlantedBug("22", "An acknowledgement that was given to an earlier leader counts for this one (openraft cecb5de8, fbbf37b1).")]
    StaleAckCounted,

    [PlantedBug("22", "A late acknowledgement takes the match index back (openraft a80579ef).")]
    LateAckRewindsMatch,

    [PlantedBug("23", "A heartbeat carries a commit index that the follower's log doesn't reach (openraft #1500).")]
    HeartbeatCommitUncapped,

    [PlantedBug("24", "The commit index is taken from unsorted match indexes (openraft #1802).")]
    UnsortedMatches,

    [PlantedBug("25", "A leader counts its own entry before its disk has it (openraft a9f696a9; etcd #14370).")]
    OwnEntryCountsBeforeDurable,

    [PlantedBug("26", "An Append from below what is compacted away is taken for a conflict (openraft 71a290cd).")]
    CompactedPositionRefused,

    [PlantedBug("28", "An Append without entries isn't checked against the log (openraft 6202138f).")]
    EmptyAppendUnchecked,

    [PlantedBug("29", "A follower commits all of its log that the leader has committed, verified or not (Raft figure 2; forge S1).")]
    CommitBeyondVerified,

    [PlantedBug("30", "A window of lost Appends stays full for ever (etcd raft #54; etcd #14633).")]
    WindowNeverReopens,

    [PlantedBug("31", "A member whose probe was lost is never probed again (etcd #10308).")]
    LostProbeNeverRepeated,

    [PlantedBug("32", "Bytes of proposals that another leader overwrote stay counted (etcd a370b6f).")]
    UncommittedBytesLeak,

    [PlantedBug("33", "A late message takes the commit index back (etcd #10063).")]
    CommitRegresses,

    [PlantedBug("34", "A vote is written without a sync (etcd 0675f3d; raft-rs #372).")]
    VoteWithoutSync,

    [PlantedBug("S4", "A truncation reaches memory and not the disk (forge S4).")]
    TruncationNotPersisted,

    [PlantedBug("S8", "A leader commits only when another member answers, never on its own disk's word (forge S8).")]
    OwnDiskCommitsNothing,

    // Reads.
    [PlantedBug("14", "A read is confirmed by one less than a majority (MicroRaft c768342).")]
    ReadQuorumTooSmall,

    [PlantedBug("37", "A new leader answers reads before it has committed in its term (etcd #7331; tikv #9239).")]
    ReadBeforeCommitInTerm,

    [PlantedBug("38", "A read is confirmed by answers to an earlier round (etcd #20418).")]
    ReadRoundReused,

    [PlantedBug("39", "Reads are served while leadership is being handed over (openraft #1747).")]
    ReadDuringTransfer,

    [PlantedBug("43", "A leader that steps down forgets its pending reads (raft-rs #169; restate #2950).")]
    PendingReadsForgotten,

    [PlantedBug("40", "A lease counts from when the answer came, not from when the question left (openraft, leader lease).")]
    LeaseFromReceipt,

    [PlantedBug("39", "A lease outlives the order to campaign (etcd raft #99).")]
    LeaseOutlivesTransfer,

    [PlantedBug("40", "A lease outlives a suspension of the machine (etcd, Config).")]
    LeaseOutlivesStall,

    [PlantedBug("37", "A leader reads by its lease before it has committed in its term (redisraft #22).")]
    LeaseBeforeCommit,

    // Members that can't be trusted.
    [PlantedBug("22", "A member whose disk went back in time appends and votes on (openraft cecb5de8).")]
    LostEntriesUnnoticed,

    [PlantedBug("22", "What a member acknowledged and then lost still counts (openraft fbbf37b1).")]
    LostEntriesCounted,

    [PlantedBug("61", "A leader whose state has diverged leads on (etcd #13766).")]
    DivergedLeaderStays,

    // Leadership transfer.
    [PlantedBug("50", "Leadership is handed to a member that is behind (hashicorp/raft #581; openraft #1805).")]
    TransferToLaggard,

    [PlantedBug("50", "Proposals are taken while leadership is being handed over (hashicorp/raft #570).")]
    ProposalDuringTransfer,

    // Changes of members.
    [PlantedBug("45", "Members are changed by a leader that has committed nothing in its term (Ongaro, raft-dev 2015).")]
    ChangeBeforeCommitInTerm,

    [PlantedBug("M1", "Members are changed while the change before isn't committed (forge M1).")]
    ChangeBeforePreviousCommitted,

    [PlantedBug("14", "While the configuration is joint, the incoming voters commit alone (dissertation 4.3).")]
    OutgoingVotersIgnoredInCommits,

    [PlantedBug("14", "While the configuration is joint, the incoming voters elect alone (dissertation 4.3).")]
    OutgoingVotersIgnoredInElections,

    [PlantedBug("47", "A leader leaves a joint configuration again while it is still leaving it (etcd bd3c759).")]
    LeavesJointAgain,

    [PlantedBug("35", "A leader that removes itself counts itself in the quorum that commits that (openraft 0023cff1).")]
    RemovedLeaderCountsItself,

    [PlantedBug("51", "Whoever lacks the log becomes a voter (etcd #15097, #11640).")]
    PromotedUnseen,

    // Configurations and snapshots.
    [PlantedBug("48", "A restarted node has forgotten that its configuration is joint (etcd e515a67; openraft 6c0ccaf3).")]
    JointConfigurationLostAtRestart,

    [PlantedBug("48", "An installed snapshot's configuration is ignored (etcd e515a67; openraft 6c0ccaf3).")]
    SnapshotConfigurationIgnored,

    [PlantedBug("49", "A configuration outlives the truncation of its entry (openraft #1808; ra 82e5ca2f).")]
    ConfigurationOutlivesTruncation,

    [PlantedBug("55", "The end of an earlier write covers a snapshot that is still on its way to the disk (openraft eed681d5).")]
    SnapshotCoveredByEarlierWrite,

    [PlantedBug("55", "A snapshot older than what is committed is installed (openraft 674e78aa; etcd #18055).")]
    OldSnapshotInstalled,

    [PlantedBug("56", "A snapshot that contradicts what is committed is let pass (openraft #1892).")]
    ConflictingSnapshotAccepted,

    [PlantedBug("57", "A snapshot that failed to arrive is never sent again (hashicorp/raft ec99ca3).")]
    FailedSnapshotNeverRetried,

    [PlantedBug("58", "A snapshot counts as durable before the disk has it (sofa-jraft c10e1113).")]
    SnapshotAckBeforeDurable,
}
