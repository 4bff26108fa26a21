using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Administration;

/// <summary>An operator's request that has not been answered, and how far it has come on this node.</summary>
internal sealed class OpenOrder(AdministrationOrder order, long deadlineMs, Action<AdministrationOutcome> answer)
{
    public AdministrationOrder Order { get; } = order;

    /// <summary>When the caller stops waiting, by the node's monotonic clock.</summary>
    public long DeadlineMs { get; } = deadlineMs;

    /// <summary>Called once.</summary>
    public Action<AdministrationOutcome> Answer { get; } = answer;

    /// <summary>The node that passed it on; nobody where it was asked here.</summary>
    public RaftId AskedBy { get; init; }

    /// <summary>Its number at the node where it was asked.</summary>
    public ulong Id { get; init; }

    /// <summary>Something was proposed or handed over for it, here or, as far as one can know, elsewhere.</summary>
    public bool IsBegun { get; set; }

    /// <summary>A change of the records was proposed for it here.</summary>
    public bool IsProposed { get; set; }

    /// <summary>The leader that it was passed on to.</summary>
    public RaftId PassedTo { get; set; }

    /// <summary>When what was proposed or sent is repeated.</summary>
    public long RepeatAtMs { get; set; }

    /// <summary>TransferLeadership: this node led, and handed over.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>TakeSnapshot: the index that the snapshot must reach. CompareStates: the one behind which states are compared.</summary>
    public ulong SnapshotIndex { get; set; }

    /// <summary>ReplaceMember: the id that was proposed here.</summary>
    public RaftId Readmitted { get; set; }

    /// <summary>ReplaceMember: from then on it counts that the recorded node is connected.</summary>
    public long SettledAtMs { get; set; }

    /// <summary>ActivateVersion: the trial of the version on this node's replica, once it was begun.</summary>
    public VersionTrial? Trial { get; set; }

    /// <summary>What it ends with if nothing changes until its deadline; null for the general case.</summary>
    public AdministrationOutcome? Obstacle { get; set; }
}
