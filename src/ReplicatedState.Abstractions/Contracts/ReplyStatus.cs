namespace ReplicatedState;

/// <summary>How a call to a machine ended. The numbers are on the wire.</summary>
public enum ReplyStatus : byte
{
    /// <summary>Executed or answered; the body is the result.</summary>
    Ok = 0,

    /// <summary>The command threw <see cref="CommandRejectedException"/>.</summary>
    Rejected = 1,

    /// <summary>The command or query threw something else.</summary>
    Failed = 2,

    /// <summary>Not executed: another node leads.</summary>
    NotLeader = 3,

    /// <summary>Not executed: nobody leads, as far as the node knows.</summary>
    NoLeader = 4,

    /// <summary>Not executed: a bounded queue is full.</summary>
    Overloaded = 5,

    /// <summary>Nobody can tell.</summary>
    OutcomeUnknown = 6,

    /// <summary>Not executed by this attempt: the session is unknown.</summary>
    SessionExpired = 7,

    /// <summary>Not executed by this attempt: the client said before that it has the answer.</summary>
    AlreadyAcknowledged = 8,

    /// <summary>Not executed: the sequence is too far above what was acknowledged.</summary>
    WindowExceeded = 9,

    /// <summary>Executed once before; the reply was too large to be kept.</summary>
    ReplyUnavailable = 10,

    /// <summary>Not executed: no such command or query.</summary>
    UnknownCommand = 11,

    /// <summary>Not executed: the arguments can't be decoded.</summary>
    InvalidCommand = 12,

    /// <summary>Not executed: no such machine.</summary>
    UnknownMachine = 13,

    /// <summary>Not executed: the command is too large.</summary>
    PayloadTooLarge = 14,

    /// <summary>Not executed here: the machine stopped applying on this node.</summary>
    MachineHalted = 15,

    /// <summary>Not executed: the node is stopping.</summary>
    NodeStopped = 16,

    /// <summary>Not executed: the deadline passed before the call was proposed, or a query could not be answered in time.</summary>
    DeadlineExceeded = 17,

    /// <summary>Not answered: the query's consistency is unknown or malformed, or its session token is none of the group's.</summary>
    InvalidConsistency = 18,

    /// <summary>Not answered: the state is older than the query's bound, and there is no leader to ask.</summary>
    StaleRead = 19,

    /// <summary>Not answered: the result of a query that answers in pages is larger than the node keeps.</summary>
    ResultTooLarge = 20,

    /// <summary>Not answered: the node keeps no such page (any more).</summary>
    PageUnavailable = 21,

    /// <summary>A watch asked for events that are no longer kept.</summary>
    TooFarBehind = 22,
}
