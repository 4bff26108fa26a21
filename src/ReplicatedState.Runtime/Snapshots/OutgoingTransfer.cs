using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>A snapshot on its way to a follower. Owned by the snapshot worker.</summary>
internal sealed class OutgoingTransfer(GroupReplica replica, RaftId to, StoredSnapshot snapshot, IStorageFile file) : IDisposable
{
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

    /// <summary>When the follower last got further, or the transfer began.</summary>
    public long ProgressAtMs { get; set; }

    /// <summary>When the file was last offered.</summary>
    public long OfferedAtMs { get; set; }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();
}
