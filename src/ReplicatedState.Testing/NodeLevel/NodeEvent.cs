namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What happens next in a simulation of whole nodes.</summary>
internal readonly record struct NodeEvent(NodeEventKind Kind, int Node = 0, int Incarnation = 0, int Detail = 0, bool Flag = false)
{
    /// <summary>Stream: what arrives or is opened.</summary>
    public StreamEvent Stream { get; init; }

    /// <summary>Submit, Answer, Timeout: which attempt.</summary>
    public SimulatedRequest? Request { get; init; }
}

/// <summary>The kinds of events.</summary>
internal enum NodeEventKind : byte
{
    /// <summary>Actor <c>Detail</c> of the node takes a turn.</summary>
    Turn,

    /// <summary>A frame arrives, or a stream is dialled.</summary>
    Stream,

    /// <summary>Client <c>Detail</c> begins its next attempt.</summary>
    ClientActs,

    /// <summary>The attempt reaches the node.</summary>
    Submit,

    /// <summary>The answer reaches client <c>Detail</c>.</summary>
    Answer,

    /// <summary>Client <c>Detail</c> has waited long enough.</summary>
    Timeout,

    /// <summary>A node loses power.</summary>
    Crash,

    /// <summary>It starts again.</summary>
    Restart,

    /// <summary>Links are cut.</summary>
    Partition,

    /// <summary>Links are opened again.</summary>
    HealPartition,

    /// <summary>One stream breaks.</summary>
    BreakStream,

    /// <summary>A node is stopped for a while by its operating system.</summary>
    Pause,

    /// <summary>A process is killed.</summary>
    Kill,

    /// <summary>A write or sync of a disk will fail soon.</summary>
    DiskFailure,

    /// <summary>The process of a node that has stopped itself ends.</summary>
    Exit,

    /// <summary>A disk is slow for a while.</summary>
    SlowDisk,

    /// <summary>A disk is nearly full for a while.</summary>
    ShortSpace,

    /// <summary>It isn't any more.</summary>
    SpaceBack,

    /// <summary>A wall clock steps or freezes.</summary>
    ClockFault,

    /// <summary>A link begins to flap.</summary>
    Flap,

    /// <summary>Link <c>Detail</c> goes down or up, <c>Incarnation</c> times more.</summary>
    FlapOnce,

    /// <summary>A disk loses its integrity.</summary>
    Damage,

    /// <summary>The node on it is started again, and should notice.</summary>
    RestartDamaged,

    /// <summary>The observer looks at all nodes.</summary>
    Look,
}
