using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>What the snapshot worker is asked to do.</summary>
internal enum SnapshotMailKind : byte
{
    /// <summary>Write a captured state to a file.</summary>
    Save,

    /// <summary>Send the newest snapshot to a follower.</summary>
    Send,

    /// <summary>Remove files that a newer one made superfluous.</summary>
    DeleteOlder,

    /// <summary>A piece of a transfer arrived.</summary>
    Message,

    /// <summary>A machine goes into quarantine.</summary>
    Keep,

    /// <summary>A machine leaves quarantine.</summary>
    Release,
}

/// <summary>One request to the snapshot worker.</summary>
internal readonly struct SnapshotMail
{
    public SnapshotMailKind Kind { get; init; }

    /// <summary>Save, Send, Keep, Release: whose.</summary>
    public GroupReplica? Replica { get; init; }

    /// <summary>Save: what the file says of itself.</summary>
    public SnapshotHeader? Header { get; init; }

    /// <summary>Save: the state.</summary>
    public SnapshotBuffer? Buffer { get; init; }

    /// <summary>Keep, Release: why.</summary>
    public QuarantineRecord? Quarantine { get; init; }

    /// <summary>DeleteOlder: whose.</summary>
    public GroupId Group { get; init; }

    /// <summary>DeleteOlder, Send: which snapshot.</summary>
    public LogPosition Position { get; init; }

    /// <summary>Send: to whom. Message: from whom.</summary>
    public RaftId Node { get; init; }

    /// <summary>Message: the piece.</summary>
    public SnapshotMessage Message { get; init; }
}
