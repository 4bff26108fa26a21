namespace ReplicatedState.Consensus;

/// <summary>A core at a glance.</summary>
/// <param name="Role">What the node is to the group.</param>
/// <param name="Leader">Who leads, as far as known.</param>
/// <param name="HardState">Term, vote, commit, as the core has them in memory.</param>
/// <param name="Applied">The last index reported as applied.</param>
/// <param name="FirstIndex">The first index of the log.</param>
/// <param name="Last">The end of the log, durable or not.</param>
/// <param name="Durable">The end of what is known to be durable here.</param>
/// <param name="Configuration">The members in force.</param>
/// <param name="TransferTarget">To whom leadership is being handed.</param>
/// <param name="UncommittedBytes">Bytes of own proposals not committed yet.</param>
/// <param name="LastLogTimeMs">The log time of the last entry.</param>
/// <param name="Halted">True after a failed persist: the core does nothing any more.</param>
public readonly record struct CoreStatus(
    RaftRole Role,
    RaftId Leader,
    HardState HardState,
    ulong Applied,
    ulong FirstIndex,
    LogPosition Last,
    LogPosition Durable,
    Configuration Configuration,
    RaftId TransferTarget,
    long UncommittedBytes,
    long LastLogTimeMs,
    bool Halted);
