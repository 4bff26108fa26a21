using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>A snapshot on its way to a follower. Owned by the snapshot worker.</summary>
internal sealed class OutgoingTransfer(ulong number, ulong term, GroupReplica replica, RaftId to, StoredSnapshot snapshot, IStorageFile file) : IDisposable
{
    /// <summary>Tells this transfer's messages from those of any other.</summary>
    public ulong Number { get; } = number;

    /// <summary>The term in which this node leads the group.</summary>
    public ulong Term { get; } = term;

    public GroupReplica Replica { get; } = replica;

    public RaftId To { get; } = to;

    public StoredSnapshot Snapshot { get; } = snapshot;

    public IStorageFile File { get; } = file;

    public LogPosition Position => Snapshot.Header.Meta.Position;

    /// <summary>Whether the follower answered the offer; nothing is sent before.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>What the follower says it has.</summary>
    public long Acknowledged { get; set; }

    /// <summary>What was handed to the network.</summary>
    public long Sent { get; set; }

    /// <summary>The follower has all of it, and checks and installs it: that takes as long as it takes.</summary>
    public bool HasArrived => Acknowledged == Snapshot.SizeBytes;

    /// <summary>When the follower last got further, or, once it has everything, was last there; or when the transfer began.</summary>
    public long ProgressAtMs { get; set; }

    /// <summary>When the file was last offered.</summary>
    public long OfferedAtMs { get; set; }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();
}
