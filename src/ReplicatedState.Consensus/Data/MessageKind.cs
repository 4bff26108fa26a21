namespace ReplicatedState.Consensus;

/// <summary>The messages of the protocol. The numbers are on the wire.</summary>
public enum MessageKind : byte
{
    /// <summary>Would you vote for me? Changes nothing at the receiver (dissertation 9.6).</summary>
    PreVote = 1,

    /// <summary>The answer to <see cref="PreVote"/>.</summary>
    PreVoteResponse = 2,

    /// <summary>Vote for me (Raft 5.2).</summary>
    Vote = 3,

    /// <summary>The answer to <see cref="Vote"/>.</summary>
    VoteResponse = 4,

    /// <summary>Entries that follow a position, and the leader's commit index (Raft 5.3).</summary>
    Append = 5,

    /// <summary>What the follower has durably, or where it differs.</summary>
    AppendResponse = 6,

    /// <summary>The leader lives; carries the commit index capped by what the follower is known to have, and the read round.</summary>
    Heartbeat = 7,

    /// <summary>Echoes the read round; carries the voter's wall clock.</summary>
    HeartbeatResponse = 8,

    /// <summary>Announces a snapshot whose bytes travel apart (Raft 7).</summary>
    Snapshot = 9,

    /// <summary>Campaign now, whatever the timer says (dissertation 3.10).</summary>
    TimeoutNow = 10,

    /// <summary>A follower asks its leader for a read index (dissertation 6.4).</summary>
    ReadIndex = 11,

    /// <summary>The answer to <see cref="ReadIndex"/>.</summary>
    ReadIndexResponse = 12,

    /// <summary>A member asks the leader to hand leadership over.</summary>
    TransferRequest = 13,

    /// <summary>The answer to a request for a vote by somebody who was removed; names what is committed, which the asker lacks or doesn't know of.</summary>
    Removed = 14,
}
