namespace ReplicatedState;

/// <summary>Why a change of the cluster was refused.</summary>
public enum AdministrationRefusal
{
    /// <summary>No member has that name.</summary>
    UnknownMember = 0,

    /// <summary>The cluster has a member of that name.</summary>
    MemberExists = 1,

    /// <summary>No node of that name has been heard of: it has to run, and to name nodes of this cluster as its peers.</summary>
    NodeNotSeen = 2,

    /// <summary>Another change of the cluster's members is not finished.</summary>
    ChangeInProgress = 3,

    /// <summary>The members that would remain can't decide anything, because too few of them are reachable.</summary>
    QuorumAtRisk = 4,

    /// <summary>The node runs no group of that name.</summary>
    UnknownGroup = 5,

    /// <summary>Nobody can take leadership over: there is no other voter that keeps up.</summary>
    NoEligibleVoter = 6,

    /// <summary>The cluster's records, as they are, don't allow it; the message says why.</summary>
    Rejected = 7,
}
