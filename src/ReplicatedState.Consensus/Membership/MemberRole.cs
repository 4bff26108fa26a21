namespace ReplicatedState.Consensus;

/// <summary>What a node is to a group's configuration.</summary>
public enum MemberRole : byte
{
    /// <summary>No member.</summary>
    None = 0,

    /// <summary>Votes, campaigns, and counts in quorums.</summary>
    Voter = 1,

    /// <summary>Gets entries and snapshots, and counts in no quorum (dissertation 4.2.1).</summary>
    Learner = 2,

    /// <summary>A learner that the leader promotes when it has caught up.</summary>
    LearnerToPromote = 3,
}
