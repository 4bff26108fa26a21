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
}
