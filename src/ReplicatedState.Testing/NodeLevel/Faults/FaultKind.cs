namespace ReplicatedState.Testing.NodeLevel;

/// <summary>The kinds of trouble that a simulation of whole nodes can make. What is counted, as <see cref="SimulatedFault"/>, is finer: what really came of it.</summary>
/// <remarks>What a <see cref="FaultSetting"/> means is said at each kind. Unless said otherwise its value is the mean time between two, in microseconds.</remarks>
public enum FaultKind
{
    /// <summary>A stream between two nodes breaks by itself.</summary>
    BrokenStream,

    /// <summary>Links are cut for a while: one node's, between two halves, one way only, or all but those of a ring.</summary>
    Partition,

    /// <summary>A node loses power, between two turns or in the middle of an operation on its disk.</summary>
    PowerCut,

    /// <summary>A node is stopped by its operating system for 10 ms to 3 s.</summary>
    Pause,

    /// <summary>A node's process ends, and the machine that it ran on goes on.</summary>
    ProcessKill,

    /// <summary>A write or a sync fails with an I/O error.</summary>
    DiskFailure,

    /// <summary>A disk takes up to half a second for a sync, for a while.</summary>
    SlowDisk,

    /// <summary>A disk has little space left for a while, or none. The detail: free bytes below which nodes refuse writes; 0 lets them run into the end of the disk.</summary>
    ShortSpace,

    /// <summary>A wall clock steps, or stands still for a while.</summary>
    WallClock,

    /// <summary>Clocks run too fast or too slow. The value: by how many parts of a million at most.</summary>
    ClockDrift,

    /// <summary>A link goes down and up in quick succession.</summary>
    FlappingLink,

    /// <summary>Frames arrive with a flipped bit. The value: how many of a million.</summary>
    CorruptedFrame,

    /// <summary>
    /// One disk loses its integrity; detected, not survived: the run ends with the other nodes. The value: when, in microseconds from the start. The detail: 1 where a
    /// write goes to another place, 0 where a synced bit flips.
    /// </summary>
    DiskDamage,

    /// <summary>
    /// Operators add, promote, remove, wipe and readmit nodes, hand leadership over and order snapshots. The value: the mean time between two orders, in microseconds. The
    /// detail: how many nodes stand by to be added.
    /// </summary>
    Operators,

    /// <summary>One follower's disk is put back to an earlier copy of itself; detected, not survived: the run ends with the other nodes. The value: when the copy is made, in microseconds from the start.</summary>
    RestoredBackup,

    /// <summary>One command comes out wrong on one replica of the simulation's own machine. The value: when, in microseconds from the start.</summary>
    Divergence,

    /// <summary>
    /// Nodes are restarted one after the other with a binary that has the machine's next version, and sometimes with the old one again, before and after the version is in effect; where there is a next version, as the
    /// simulation's own machine has it, and a user's by <see cref="SimulatedCluster{TMachine}.UpgradeTo{TNext}"/>. The value: the mean time between two steps of the upgrade, in microseconds. The detail: 1 where the version takes effect by itself when all have it, 0 where operators order it. Not beside
    /// <see cref="Operators"/>, <see cref="RestoredBackup"/> and <see cref="Divergence"/>, which come first.
    /// </summary>
    VersionUpgrade,

    /// <summary>
    /// Of three replicas of the simulation's own machine one goes wrong, and the leader's too while the first is in quarantine, so that nobody can tell who is right until an operator says whose state is kept. The value:
    /// when, in microseconds from the start. Not beside <see cref="DiskDamage"/>, <see cref="Operators"/>, <see cref="RestoredBackup"/>, <see cref="Divergence"/> and <see cref="VersionUpgrade"/>, which come first.
    /// </summary>
    Standoff,
}
