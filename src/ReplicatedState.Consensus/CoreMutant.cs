namespace ReplicatedState.Consensus;

/// <summary>Bugs that the field has shipped, to be put back on purpose: a test suite that misses one of them proves nothing.</summary>
internal enum CoreMutant
{
    /// <summary>The core as it should be.</summary>
    None,

    /// <summary>A follower acknowledges entries before they are durable.</summary>
    AckBeforeDurable,

    /// <summary>A vote is granted without being written down.</summary>
    VoteNotPersisted,

    /// <summary>Half of the voters count as a majority.</summary>
    QuorumOffByOne,

    /// <summary>A vote is granted to a candidate whose log is behind.</summary>
    NoLogCheckOnVote,

    /// <summary>An entry of an old term is committed by counting its copies (Raft 5.4.2, figure 8).</summary>
    CommitOldTermByCount,

    /// <summary>A lease counts from when the answer came (trap 40).</summary>
    LeaseFromReceipt,

    /// <summary>A restarted node votes at once, whatever it has promised (trap 16).</summary>
    NoAbstention,

    /// <summary>A lease outlives the order to campaign (trap 39).</summary>
    LeaseOutlivesTransfer,

    /// <summary>A lease outlives a suspension of the machine (trap 40).</summary>
    LeaseOutlivesStall,

    /// <summary>A leader reads by its lease before it has committed in its term (trap 37).</summary>
    LeaseBeforeCommit,
}
