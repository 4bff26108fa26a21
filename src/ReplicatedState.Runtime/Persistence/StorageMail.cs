using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Persistence;

/// <summary>What the storage thread is asked to do.</summary>
internal enum StorageMailKind : byte
{
    /// <summary>Write an operation of a group, sync, send what waited for it.</summary>
    Persist,

    /// <summary>Record a snapshot whose file is durable.</summary>
    SetSnapshot,

    /// <summary>Give up entries that a durable snapshot covers.</summary>
    Compact,

    /// <summary>Write the first entries of a group that doesn't run yet.</summary>
    Bootstrap,
}

/// <summary>One request to the storage thread.</summary>
internal readonly struct StorageMail
{
    public StorageMailKind Kind { get; init; }

    public GroupId Group { get; init; }

    /// <summary>Persist, SetSnapshot: who hears of the completion.</summary>
    public GroupReplica? Replica { get; init; }

    /// <summary>Persist, Bootstrap: what to write.</summary>
    public Persist? Operation { get; init; }

    /// <summary>SetSnapshot: which.</summary>
    public SnapshotMeta? Snapshot { get; init; }

    /// <summary>Compact: the new base.</summary>
    public LogPosition Base { get; init; }

    /// <summary>Bootstrap: called on the storage thread when it is durable; null where nobody waits for that.</summary>
    public Action? Durable { get; init; }
}
