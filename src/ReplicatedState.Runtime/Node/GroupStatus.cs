using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Node;

/// <summary>One group on one node, as its shard saw it at one moment.</summary>
/// <param name="Group">The group.</param>
/// <param name="Name">The machine instance's name; "system" for group 0.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="MachineVersion">The machine version in effect at <paramref name="Applied"/>.</param>
/// <param name="Role">What the node is to the group.</param>
/// <param name="Leader">Who leads, as far as known.</param>
/// <param name="LeaderName">That node's name; null where nobody leads.</param>
/// <param name="LeaderAddress">That node's address for peers and clients.</param>
/// <param name="Term">The term.</param>
/// <param name="Commit">The commit index as known here.</param>
/// <param name="Applied">The last applied index.</param>
/// <param name="FirstIndex">The first entry of the log.</param>
/// <param name="LastIndex">The last.</param>
/// <param name="SnapshotIndex">Where the newest snapshot stands; 0 where there is none.</param>
/// <param name="SnapshotsInstalled">Snapshots that were received from a leader and installed since the node started.</param>
/// <param name="LogTimeMs">The log time of the last applied entry, in Unix milliseconds.</param>
/// <param name="ApplyHash">The chained hash of all that was applied: equal on all replicas at equal <paramref name="Applied"/>.</param>
/// <param name="StateHash">The hash of the state at <paramref name="Applied"/>; null unless it was asked for.</param>
/// <param name="HaltReason">Why the machine answers nothing, be it that it halted or that its state isn't trusted; null while all is well.</param>
/// <param name="Configuration">The members in force: those of the last configuration in the log, committed or not.</param>
/// <param name="CommittedConfiguration">The members of the last configuration that is known to be committed.</param>
/// <param name="Peers">The leader's view of the other members; empty elsewhere.</param>
public sealed record GroupStatus(
    GroupId Group,
    string Name,
    string Machine,
    int MachineVersion,
    RaftRole Role,
    RaftId Leader,
    string? LeaderName,
    string? LeaderAddress,
    ulong Term,
    ulong Commit,
    ulong Applied,
    ulong FirstIndex,
    ulong LastIndex,
    ulong SnapshotIndex,
    long SnapshotsInstalled,
    long LogTimeMs,
    UInt128 ApplyHash,
    UInt128? StateHash,
    string? HaltReason,
    Configuration Configuration,
    Configuration CommittedConfiguration,
    IReadOnlyList<PeerStatus> Peers)
{
    /// <summary>Whose wall clock is too far from the voters' median, as a sentence; null while all agree, and on nodes that don't lead.</summary>
    public string? ClockAlarm { get; init; }

    /// <summary>
    /// Why the state of this replica isn't trusted, as a sentence with the way out: its hash differs from other replicas'. It votes and stores and answers nothing. Null while it is trusted.
    /// </summary>
    public string? Quarantine { get; init; }

    /// <summary>The last comparison of whole states that was ordered; null before the first, and on nodes that don't lead.</summary>
    public StateComparison? StateComparison { get; init; }

    /// <summary>How often the machine left its shard to apply or to answer on a thread of its own, because it is slow or not yet known to be quick, since the node started.</summary>
    public long ApplyHandOvers { get; init; }

    /// <summary>The newest version of the machine that this node's binary has; 0 where it lacks the machine. Above <see cref="MachineVersion"/>, that version can be activated once every member has it.</summary>
    public int BinaryVersion { get; init; }

    /// <summary>For how many microseconds the machine stood still when its state was last captured for a snapshot; 0 before the first.</summary>
    public long CapturePauseUs { get; init; }
}

/// <summary>How a leader sees one other member.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">Its name, where known.</param>
/// <param name="Match">The last index known to be durable there.</param>
/// <param name="Next">The next index to send.</param>
/// <param name="State">How it is being served.</param>
/// <param name="RecentlyActive">Heard from within the current election timeout.</param>
public sealed record PeerStatus(RaftId Id, string? Name, ulong Match, ulong Next, ProgressState State, bool RecentlyActive)
{
    /// <summary>Why it takes no entries, in its own words; null where it takes them, as far as the leader knows.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why its state isn't trusted, in its own words; null where it is, as far as the leader knows.</summary>
    public string? Distrust { get; init; }
}
