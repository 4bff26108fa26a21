using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>The receiving half of transfers: one file at a time for each group, kept when it is interrupted. Owned by the snapshot worker.</summary>
/// <remarks>
/// What arrived belongs to the file, named by position and hash, not to a session: whoever offers that file is told where to go on. Only the leader of the newest term is listened to, and
/// a chunk counts only in the transfer that was answered last, at the place where the file ends. So nothing that is late, doubled or out of order can do harm, whatever its offset.
/// </remarks>
internal sealed class SnapshotReception(NodeContext node, SnapshotStore files)
{
    private readonly List<Incoming> _incoming = [];
    private readonly Dictionary<GroupId, (RaftId From, ulong Transfer)> _delivered = [];

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
        if (_delivered.TryGetValue(offer.Group, out (RaftId, ulong) delivered) && delivered == (from, offer.Transfer))
        {
            Answer(from, offer, SnapshotMessageKind.Done, offer.Bytes, "");
            return;
        }

        Incoming? running = Find(offer.Group);
        if (WhyRefuse(offer, running) is { } reason)
        {
            Answer(from, offer, SnapshotMessageKind.Refused, 0, reason);
            return;
        }

        if (running is not null && running.From == from && running.Transfer == offer.Transfer)
        {
            Continue(replica, running, offer);
            return;
        }

        Forget(offer.Group);
        if (FindPresent(offer) is { } present)
        {
            // It arrived before, and the answer was lost, or what it was for didn't come about.
            Deliver(replica, from, offer, present);
            return;
        }

        SnapshotReceiver receiver = files.Receive(offer.Group, offer.Position, offer.Bytes, offer.Sha256);
        if (receiver.SizeBytes - receiver.ReceivedBytes > node.FreeBytes - node.LowSpaceBytes)
        {
            receiver.Dispose();
            Answer(from, offer, SnapshotMessageKind.Refused, 0, $"Node {node.Options.Name} has too little space for a snapshot of {offer.Bytes} bytes: make room.");
            return;
        }

        var incoming = new Incoming(offer.Group, from, offer.Transfer, offer.Term, offer.ChunkBytes, offer.Position, receiver);
        _incoming.Add(incoming);
        Continue(replica, incoming, offer);
    }

    private string? WhyRefuse(in SnapshotMessage offer, Incoming? running)
    {
        if (node.LowSpace is { } lowSpace)
            return lowSpace;
        if (offer.Header!.ClusterGuid != node.Identity.ClusterGuid)
            return $"The snapshot is of the cluster {offer.Header.ClusterGuid}, not of this one.";
        if (offer.Header.Group != offer.Group || offer.Header.Meta.Position != offer.Position)
            return $"The snapshot is of group {offer.Header.Group} at {offer.Header.Meta.Position}, and was offered as another.";
        return running is not null && running.Term > offer.Term ? $"The leader of term {running.Term} sends a snapshot of this group." : null;
    }

    /// <summary>The offered file, if it lies here whole. A damaged one is received anew and replaced.</summary>
    private StoredSnapshot? FindPresent(in SnapshotMessage offer)
    {
        try
        {
            return files.Find(offer.Group, offer.Position) is { } present && present.Sha256.SequenceEqual(offer.Sha256) ? present : null;
        }
        catch (InvalidSnapshotException damaged)
        {
            node.Log.TransferTrouble(offer.Group, node.Identity.RaftId, $"{damaged.Message} It is received anew.");
            return null;
        }
    }

    private void OnChunk(GroupReplica replica, RaftId from, in SnapshotMessage chunk)
    {
        Incoming? incoming = Find(chunk.Group);
        if (incoming is null || incoming.From != from || incoming.Transfer != chunk.Transfer || incoming.Position != chunk.Position)
            return;
        if (chunk.Content.Length > incoming.ChunkBytes)
            throw new InvalidSnapshotException($"A snapshot was announced in chunks of {incoming.ChunkBytes} bytes, and one at {chunk.Bytes} has {chunk.Content.Length}.");
        incoming.Receiver.Append(chunk.Bytes, chunk.Content.Span);
        Continue(replica, incoming, chunk);
    }

    private void Continue(GroupReplica replica, Incoming incoming, in SnapshotMessage message)
    {
        // Also when all is there: the sender then waits for as long as checking takes.
        Answer(incoming.From, message, SnapshotMessageKind.Progress, incoming.Receiver.ReceivedBytes, "");
        if (incoming.Receiver.ReceivedBytes < incoming.Receiver.SizeBytes)
            return;
        StoredSnapshot arrived = incoming.Receiver.Complete();
        Forget(message.Group);
        Deliver(replica, incoming.From, message, arrived);
    }

    private void Deliver(GroupReplica replica, RaftId from, in SnapshotMessage message, StoredSnapshot arrived)
    {
        if (arrived.Header.ClusterGuid != node.Identity.ClusterGuid)
            throw new InvalidSnapshotException($"The snapshot {arrived.Path} is of the cluster {arrived.Header.ClusterGuid}, not of this one.");
        replica.Shard.Post(ShardMail.SnapshotReceived(replica, new ReceivedSnapshot(from, arrived)));
        _delivered[message.Group] = (from, message.Transfer);
        Answer(from, message, SnapshotMessageKind.Done, arrived.SizeBytes, "");
    }

    private void Answer(RaftId to, in SnapshotMessage about, SnapshotMessageKind kind, long bytes, string reason) =>
        node.SendSnapshotMessage(
            to,
            Lane.Control,
            new SnapshotMessage { Kind = kind, Group = about.Group, Position = about.Position, Transfer = about.Transfer, Bytes = bytes, Reason = reason });

    private Incoming? Find(GroupId group) => _incoming.Find(incoming => incoming.Group == group);

    private void Forget(GroupId group)
    {
        if (Find(group) is not { } incoming)
            return;
        _incoming.Remove(incoming);
        incoming.Receiver.Dispose();
    }

    private sealed record Incoming(GroupId Group, RaftId From, ulong Transfer, ulong Term, int ChunkBytes, LogPosition Position, SnapshotReceiver Receiver);
}
