using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Recovery;

/// <summary>What a recovery by force would make of a data directory, and what it can and can't keep.</summary>
/// <param name="Node">The node's configured name.</param>
/// <param name="RaftId">Its id.</param>
/// <param name="Cluster">The cluster's GUID, which stays.</param>
/// <param name="Epoch">The epoch before.</param>
/// <param name="NewEpoch">The epoch after: nodes of the one before are refused.</param>
/// <param name="Left">The names of the members that are left out, and may only come back as new ones.</param>
/// <param name="Groups">The groups, the system group first.</param>
/// <param name="IsUnfinished">A recovery was begun here and didn't come to its end; carrying it out finishes it.</param>
public sealed record RecoveryPlan(
    string Node,
    RaftId RaftId,
    Guid Cluster,
    uint Epoch,
    uint NewEpoch,
    IReadOnlyList<string> Left,
    IReadOnlyList<GroupRecovery> Groups,
    bool IsUnfinished);

/// <summary>One group of a <see cref="RecoveryPlan"/>.</summary>
/// <param name="Group">The group.</param>
/// <param name="Name">Its name.</param>
/// <param name="Term">The term that the node knew.</param>
/// <param name="Snapshot">The newest durable snapshot, from which the state is rebuilt; 0 where it is rebuilt from the log alone.</param>
/// <param name="Commit">What the node knew to be committed: a lower bound.</param>
/// <param name="Last">The last entry of its log. Everything up to it is kept and becomes committed.</param>
/// <param name="Configuration">The members in force in the log.</param>
public sealed record GroupRecovery(GroupId Group, string Name, ulong Term, ulong Snapshot, ulong Commit, LogPosition Last, Configuration Configuration)
{
    /// <summary>Nothing of the group is stored here: it would begin empty, and whatever the others had of it would be lost.</summary>
    public bool IsEmpty => Last.Index == 0;

    /// <summary>Entries that are kept although the node doesn't know whether they were committed: their callers got an answer, or the word that the outcome is unknown.</summary>
    public ulong Uncertain => Last.Index - Math.Min(Commit, Last.Index);
}
