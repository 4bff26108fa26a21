namespace ReplicatedState.Runtime.Options;

/// <summary>A bug planted on purpose in the node around the cores, so that tests can show that they would catch it.</summary>
internal enum NodeMutant
{
    /// <summary>None.</summary>
    None,

    /// <summary>A query of a session is answered from whatever is applied.</summary>
    SessionReadDoesNotWait,

    /// <summary>A leader answers queries by lease as long as it believes that it leads, without a lease.</summary>
    LeaseIsAssumed,

    /// <summary>A replica takes its state for fresh because it heard its leader lately, as a deposed leader's follower does, too.</summary>
    FreshByHeartbeat,

    /// <summary>A machine executes commands by the version of its binary, and not by the one in effect.</summary>
    VersionFromBinary,

    /// <summary>A leader compares its newest hash with another replica's of whichever index.</summary>
    IndexesMixedUp,

    /// <summary>A replica that is known to be wrong, or not yet known to be right again, counts where it is judged who is right.</summary>
    QuarantinedCounted,
}
