using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Changes a cluster through one of its nodes, whichever: what the leader has to do is passed on to it. Safe for concurrent use.</summary>
/// <remarks>
/// Every method returns when the thing is done in all groups that it concerns, not when it was asked for. It ends otherwise with <see cref="AdministrationRefusedException"/> (nothing was changed),
/// <see cref="NoLeaderException"/> (nobody was there to change it), <see cref="NodeStoppedException"/>, or <see cref="CommandOutcomeUnknownException"/> where the change was begun and not seen to
/// end in time: it goes on, and asking again joins it. A cancelled token ends the waiting alone.
/// </remarks>
public interface IClusterAdmin
{
    /// <summary>What the node knows of itself, its groups and the cluster's members. At most a tick old.</summary>
    NodeStatus Status { get; }

    /// <summary>Takes in a node that runs with an empty data directory and names members of this cluster as its peers: as a learner first, and as a voter once it has caught up.</summary>
    /// <param name="name">Its configured node_id.</param>
    /// <param name="asLearner">It stays a learner until it is promoted.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask AddMemberAsync(string name, bool asLearner = false, CancellationToken cancellationToken = default);

    /// <summary>Lets a member go. A leader that is removed hands over first.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="force">Also where fewer than a majority of the remaining voters is reachable now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask RemoveMemberAsync(string name, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>Makes a voter of a learner, once it has caught up.</summary>
    ValueTask PromoteMemberAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Readmits a node whose data directory was wiped, and that is refused as such under its old name: the id that its new directory has takes the place of the old one, which
    /// forgot what it promised and never counts again.
    /// </summary>
    ValueTask ReplaceMemberAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Hands a group's leadership over.</summary>
    /// <param name="target">The next leader's name.</param>
    /// <param name="group">The machine instance, "system" for group 0; null for the only machine.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask TransferLeadershipAsync(string target, string? group = null, CancellationToken cancellationToken = default);

    /// <summary>Lets a group's leader hand over to whoever is closest behind it.</summary>
    /// <param name="group">The machine instance, "system" for group 0; null for the only machine.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask StepDownAsync(string? group = null, CancellationToken cancellationToken = default);

    /// <summary>Writes a snapshot of a group on this node, and returns its index.</summary>
    /// <param name="group">The machine instance, "system" for group 0; null for the only machine.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<ulong> TakeSnapshotAsync(string? group = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets all replicas of a group hash their whole state at one index, compares, and returns the index. Whoever differs from the majority of the voters goes into quarantine, and the call ends with
    /// <see cref="AdministrationRefusedException"/>. Costs every replica a walk over its state, during which its machine stands still.
    /// </summary>
    /// <param name="group">The machine instance, "system" for group 0; null for the only machine.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<ulong> CompareStatesAsync(string? group = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts a machine version into effect: commands see it as <see cref="CommandContext.MachineVersion"/> from one entry on, the same on every replica, and what the version introduced may be called. Refused
    /// unless every member's binary has it, and where a higher one is in effect. There is no way back: from then on a node with an older binary halts its replica of the machine.
    /// </summary>
    /// <param name="version">The machine version; 2 or more.</param>
    /// <param name="group">The machine instance; null for the only machine.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask ActivateVersionAsync(int version, string? group = null, CancellationToken cancellationToken = default);
}
