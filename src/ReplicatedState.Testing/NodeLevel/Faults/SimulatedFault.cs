namespace ReplicatedState.Testing.NodeLevel;

/// <summary>The classes of faults that a simulation of whole nodes has in store. A run counts what really happened, not what was planned.</summary>
public enum SimulatedFault
{
    /// <summary>A node lost power between two turns.</summary>
    PowerCut,

    /// <summary>A node lost power in the middle of an operation on its disk.</summary>
    PowerCutInOperation,

    /// <summary>A node's process was killed; what it had written stayed in the cache.</summary>
    ProcessKilled,

    /// <summary>A write failed, and the node stopped itself.</summary>
    FailedWrite,

    /// <summary>A sync failed, and the node stopped itself.</summary>
    FailedSync,

    /// <summary>A write found no space, and the node stopped itself.</summary>
    FullDisk,

    /// <summary>Space ran low, and the node refused writes until it was back.</summary>
    LowSpace,

    /// <summary>A disk took up to half a second for a sync, for a while.</summary>
    SlowDisk,

    /// <summary>A bit that had been synced flipped while the node was down, and the node refused to start.</summary>
    FlippedBit,

    /// <summary>A write went to another place of its file, and the node found out: at the latest when it was started again.</summary>
    MisdirectedWrite,

    /// <summary>A wiped node came back under its old name with an empty disk.</summary>
    WipedNode,

    /// <summary>A wall clock jumped, forwards or backwards.</summary>
    ClockStep,

    /// <summary>A wall clock stood still for a while and then jumped to the truth.</summary>
    ClockFreeze,

    /// <summary>A node's clocks ran faster or slower than the others'.</summary>
    ClockDrift,

    /// <summary>A node was paused for less than an election timeout.</summary>
    ShortPause,

    /// <summary>A node was paused for longer than any election timeout.</summary>
    LongPause,

    /// <summary>A node was cut off, or the nodes were split in two.</summary>
    Partition,

    /// <summary>The way from one node to another was cut, and the way back was not.</summary>
    OneWayPartition,

    /// <summary>Every node reached its neighbours on a ring only.</summary>
    RingPartition,

    /// <summary>A link went up and down in quick succession.</summary>
    FlappingLink,

    /// <summary>A stream broke by itself.</summary>
    BrokenStream,

    /// <summary>A bit of a frame flipped on its way, and the receiver refused the frame.</summary>
    CorruptedFrame,

    /// <summary>A node was taken into the running cluster.</summary>
    MemberAdded,

    /// <summary>A learner became a voter by an operator's order.</summary>
    MemberPromoted,

    /// <summary>A member was let go, and its node shut down.</summary>
    MemberRemoved,

    /// <summary>A member lost its data directory, and was readmitted with an empty one.</summary>
    MemberReadmitted,

    /// <summary>A leader was ordered to hand over.</summary>
    LeadershipOrdered,

    /// <summary>A snapshot was ordered.</summary>
    SnapshotOrdered,

    /// <summary>A disk was put back to an earlier copy of itself, and the node was told and stopped itself.</summary>
    RestoredBackup,

    /// <summary>A command came out wrong on one replica, and that was found and its machine put in quarantine.</summary>
    DivergedState,

    /// <summary>A node was restarted with the next version's binary.</summary>
    BinaryUpgraded,

    /// <summary>A node was restarted with the old binary again.</summary>
    BinaryRolledBack,

    /// <summary>The next version took effect.</summary>
    VersionActivated,

    /// <summary>An old binary came to the version that is in effect, and its machine halted.</summary>
    OldBinaryHalted,

    /// <summary>Two of three replicas were wrong, all said that nobody can tell who is right, and an operator chose one to be kept.</summary>
    Standoff,
}
