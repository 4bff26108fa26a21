namespace ReplicatedState.Consensus;

/// <summary>What a core reports to its trace.</summary>
public enum TransitionKind
{
    /// <summary>Follows <c>Peer</c>, or nobody yet.</summary>
    BecameFollower,

    /// <summary>Asks for pre-votes.</summary>
    BecamePreCandidate,

    /// <summary>Asks for votes.</summary>
    BecameCandidate,

    /// <summary>Leads.</summary>
    BecameLeader,

    /// <summary>Granted <c>Peer</c> its vote.</summary>
    VoteGranted,

    /// <summary>Refused <c>Peer</c> its vote or pre-vote.</summary>
    VoteRefused,

    /// <summary>Heard nothing from a quorum for an election timeout, and stepped down.</summary>
    QuorumLost,

    /// <summary>The log conflicted with the leader's and was cut back to <c>Position</c>.</summary>
    LogTruncated,

    /// <summary>The commit index moved to <c>Position</c>.</summary>
    Committed,

    /// <summary><c>Peer</c> needs a snapshot.</summary>
    SnapshotNeeded,

    /// <summary>A snapshot at <c>Position</c> replaced the log.</summary>
    SnapshotInstalled,

    /// <summary>Leadership is being handed to <c>Peer</c>.</summary>
    TransferStarted,

    /// <summary>The hand-over to <c>Peer</c> took too long.</summary>
    TransferAborted,

    /// <summary>The configuration in force changed at <c>Position</c>.</summary>
    ConfigurationChanged,

    /// <summary>Told by <c>Peer</c>, which has committed <c>Position</c>, that this node is no member any more: it stops campaigning.</summary>
    Removed,

    /// <summary>The node stood still; beliefs that hang on a clock are void.</summary>
    ClockStalled,

    /// <summary><c>Peer</c>, which may be this node, holds only what ends at <c>Position</c>, less than it acknowledged.</summary>
    EntriesLost,
}
