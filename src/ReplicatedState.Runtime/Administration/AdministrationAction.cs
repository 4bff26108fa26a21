namespace ReplicatedState.Runtime.Administration;

/// <summary>What an operator may ask of a cluster. The numbers are on the wire between nodes.</summary>
public enum AdministrationAction : byte
{
    /// <summary>Take a node in that runs and waits for it.</summary>
    AddMember = 1,

    /// <summary>Let a member go.</summary>
    RemoveMember = 2,

    /// <summary>Make a voter of a learner.</summary>
    PromoteMember = 3,

    /// <summary>Readmit a member whose data directory was wiped.</summary>
    ReplaceMember = 4,

    /// <summary>Hand a group's leadership to another voter.</summary>
    TransferLeadership = 5,

    /// <summary>Write a snapshot of a group on the asked node.</summary>
    TakeSnapshot = 6,

    /// <summary>Put a machine version into effect.</summary>
    ActivateVersion = 7,

    /// <summary>Compare the states of all replicas of a group at one index.</summary>
    CompareStates = 8,
}
