namespace ReplicatedState.Testing.CoreLevel;

/// <summary>What happens next in a simulation of cores.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">To which node, by number.</param>
/// <param name="Incarnation">In which of its lives: what was planned before a crash doesn't happen after it.</param>
/// <param name="Detail">A message's place, a number of operations, another node: see the kind.</param>
internal readonly record struct CoreEvent(CoreEventKind Kind, int Node, int Incarnation = 0, long Detail = 0);

/// <summary>The kinds of events.</summary>
internal enum CoreEventKind : byte
{
    /// <summary>A tick passes at the node.</summary>
    Tick,

    /// <summary>The message at place <c>Detail</c> arrives.</summary>
    Deliver,

    /// <summary>A sync of <c>Detail</c> operations ends.</summary>
    Synced,

    /// <summary>The core hears of what is durable.</summary>
    Report,

    /// <summary>Committed entries are applied.</summary>
    Apply,

    /// <summary>The snapshot announced by the message at place <c>Detail</c> arrives, or fails to.</summary>
    SnapshotArrives,

    /// <summary>The sender hears of node <c>Detail</c>'s snapshot; bit 32 tells whether it arrived.</summary>
    SnapshotReported,

    /// <summary>The node starts again.</summary>
    Restart,

    /// <summary>A client proposes.</summary>
    Propose,

    /// <summary>A client reads.</summary>
    Read,

    /// <summary>Links are cut.</summary>
    Partition,

    /// <summary>Links are opened again.</summary>
    HealPartition,

    /// <summary>A node, or all, lose power.</summary>
    Crash,

    /// <summary>A node is stopped for a while by its operating system.</summary>
    Pause,

    /// <summary>Somebody intervenes.</summary>
    Intervene,

    /// <summary>A machine is suspended.</summary>
    Suspend,

    /// <summary>It goes on.</summary>
    Resume,

    /// <summary>A wall clock is set.</summary>
    SetWallClock,

    /// <summary>An operator changes the members.</summary>
    Reconfigure,

    /// <summary>The end of the faulty time, then each look at whether all is well again.</summary>
    Converge,

    /// <summary>The state above a node has diverged: it must not lead.</summary>
    Distrust,

    /// <summary>It is right again.</summary>
    Trust,

    /// <summary>The right disk is put back in the place of an older copy.</summary>
    DiskBack,
}
