namespace ReplicatedState.Runtime.Wire;

/// <summary>What a frame holds. The numbers are on the wire.</summary>
internal enum FrameKind : byte
{
    /// <summary>Messages of the consensus cores, of any number of groups.</summary>
    Messages = 1,

    /// <summary>The greeting that opens a stream.</summary>
    Hello = 2,

    /// <summary>Its answer.</summary>
    Welcome = 3,

    /// <summary>A cluster's first entries, for a node that belongs to none yet.</summary>
    Formation = 4,

    /// <summary>A piece of the transfer of a snapshot, in either direction.</summary>
    Snapshot = 5,

    /// <summary>What a member tells its leader about itself.</summary>
    Report = 6,

    /// <summary>An operator's request on its way to the node that leads, or its answer.</summary>
    Administration = 7,

    /// <summary>What a leader found out about a member's state machine.</summary>
    Verdict = 8,
}
