namespace ReplicatedState.Chaos.Faults;

/// <summary>What can be made to go wrong; the names of <c>--faults</c>.</summary>
internal enum FaultKind
{
    /// <summary>kill −9 of a node, now and then of all, started again a while later.</summary>
    Kill,

    /// <summary>SIGSTOP for longer than the longest election timeout, then SIGCONT.</summary>
    Pause,

    /// <summary>SIGTERM of one node after the other, each started again before the next.</summary>
    Restart,

    /// <summary>Links between processes hold everything back, in one direction or both.</summary>
    Partition,

    /// <summary>What is sent over a link takes its time.</summary>
    Delay,

    /// <summary>Packets between processes are lost.</summary>
    Loss,

    /// <summary>A node's wall clock is set, drifts, or stands still.</summary>
    Clock,

    /// <summary>A node is added, leadership transferred, and a member removed.</summary>
    Membership,
}
