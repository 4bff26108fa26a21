using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>The receiving half of transfers: one file at a time for each group, kept when it is interrupted. Owned by the snapshot worker.</summary>
internal sealed class SnapshotReception(NodeContext node, SnapshotStore files)
{
    private readonly List<Incoming> _incoming = [];

    /// <summary>An offer or a chunk.</summary>
    public void OnMessage(RaftId from, in SnapshotMessage message)
    {
        if (node.ReplicaOf(message.Group) is not { } replica)
            return;
        try
        {
            if (message.Kind == SnapshotMessageKind.Offer)
                OnOffer(replica, from, message);
            else
                OnChunk(replica, from, message);
        }
        catch (InvalidSnapshotException damaged)
        {
            node.Log.TransferTrouble(message.Group, from, damaged.Message);
            Forget(message.Group);
            Answer(from, message, SnapshotMessageKind.Refused, 0, damaged.Message);
        }
    }

    /// <summary>Closes all files; what arrived stays.</summary>
    public void Close()
    {
        foreach (Incoming incoming in _incoming)
            incoming.Receiver.Dispose();
        _incoming.Clear();
    }

    private void OnOffer(GroupReplica replica, RaftId from, in SnapshotMessage offer)
    {
        if (node.IsSpaceLow)
        {
            Answer(from, offer, SnapshotMessageKind.Refused, 0, node.LowSpaceSentence);
            return;
        }

        Forget(offer.Group);
        if (files.Find(offer.Group, offer.Position) is { } present)
        {
            // It arrived before, and the answer was lost.
            Deliver(replica, from, offer, present);
            return;
        }

        var incoming = new Incoming(offer.Group, from, offer.Position, files.Receive(offer.Group, offer.Position, offer.Bytes, offer.Sha256));
        _incoming.Add(incoming);
        Continue(replica, incoming, offer);
    }

    private void OnChunk(GroupReplica replica, RaftId from, in SnapshotMessage chunk)
    {
        Incoming? incoming = Find(chunk.Group);
        if (incoming is null || incoming.From != from || incoming.Position != chunk.Position)
            return;
        incoming.Receiver.Append(chunk.Bytes, chunk.Content.Span);
        Continue(replica, incoming, chunk);
    }

    private void Continue(GroupReplica replica, Incoming incoming, in SnapshotMessage message)
    {
        if (incoming.Receiver.ReceivedBytes < incoming.Receiver.SizeBytes)
        {
            Answer(incoming.From, message, SnapshotMessageKind.Progress, incoming.Receiver.ReceivedBytes, "");
            return;
        }

        StoredSnapshot arrived = incoming.Receiver.Complete();
        Forget(message.Group);
        Deliver(replica, incoming.From, message, arrived);
    }

    private void Deliver(GroupReplica replica, RaftId from, in SnapshotMessage message, StoredSnapshot arrived)
    {
        if (arrived.Header.ClusterGuid != node.Identity.ClusterGuid)
            throw new InvalidSnapshotException($"The snapshot {arrived.Path} is of the cluster {arrived.Header.ClusterGuid}, not of this one.");
        replica.Shard.Post(ShardMail.SnapshotReceived(replica, new ReceivedSnapshot(from, arrived)));
        Answer(from, message, SnapshotMessageKind.Done, arrived.SizeBytes, "");
    }

    private void Answer(RaftId to, in SnapshotMessage about, SnapshotMessageKind kind, long bytes, string reason) =>
        node.SendSnapshotMessage(
            to,
            Lane.Control,
            new SnapshotMessage { Kind = kind, Group = about.Group, Position = about.Position, Bytes = bytes, Reason = reason });

    private Incoming? Find(GroupId group) => _incoming.Find(incoming => incoming.Group == group);

    private void Forget(GroupId group)
    {
        if (Find(group) is not { } incoming)
            return;
        _incoming.Remove(incoming);
        incoming.Receiver.Dispose();
    }

    private sealed record Incoming(GroupId Group, RaftId From, LogPosition Position, SnapshotReceiver Receiver);
}
