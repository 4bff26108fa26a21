namespace ReplicatedState.Runtime.Administration;

/// <summary>How an operator's request ended. The numbers are on the wire between nodes.</summary>
public enum AdministrationStatus : byte
{
    /// <summary>It is done, in every group that it concerns.</summary>
    Done = 0,

    /// <summary>It was refused, and nothing was changed.</summary>
    Refused = 1,

    /// <summary>No leader was found in time, and nothing was changed.</summary>
    NoLeader = 2,

    /// <summary>It was begun and not seen to end in time. What was begun goes on.</summary>
    OutcomeUnknown = 3,

    /// <summary>The asked node is stopping. What was begun goes on.</summary>
    NodeStopped = 4,
}
