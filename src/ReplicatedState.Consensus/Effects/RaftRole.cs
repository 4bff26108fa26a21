namespace ReplicatedState.Consensus;

/// <summary>What a node is to its group at the moment.</summary>
public enum RaftRole : byte
{
    /// <summary>Follows a leader, or waits for one.</summary>
    Follower = 0,

    /// <summary>Asks whether it would win an election.</summary>
    PreCandidate = 1,

    /// <summary>Asks for votes.</summary>
    Candidate = 2,

    /// <summary>Leads.</summary>
    Leader = 3,
}
