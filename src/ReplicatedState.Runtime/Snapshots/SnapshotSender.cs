using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>The sending half of transfers. Owned by the snapshot worker.</summary>
internal sealed class SnapshotSender(NodeContext node, SnapshotStore files)
{
    /// <summary>How often a transfer is looked at while nothing is heard.</summary>
    public const int PumpIntervalMs = 50;

    private const int WindowChunks = 8;
    private const int ReofferAfterMs = 1000;
    private const int GiveUpAfterMs = 30_000;
    private readonly int _chunkBytes = Math.Min(256 * 1024, node.Options.Transport.MaxMessageSize / 2);
    private readonly List<OutgoingTransfer> _transfers = [];
    private byte[] _chunk = [];

    /// <summary>True while a transfer is under way.</summary>
    public bool IsBusy => _transfers.Count > 0;

    /// <summary>Begins to send a group's snapshot, instead of any older one that is on its way there.</summary>
    public void Begin(GroupReplica replica, RaftId to, LogPosition position)
    {
        if (Find(replica.Id, to) is { } running)
        {
            if (running.Position == position)
                return;
            Remove(running);
        }

        if (files.Find(replica.Id, position) is not { } snapshot)
        {
            // A newer one has replaced it since the core asked: it will ask again, for that one.
            replica.Shard.Post(ShardMail.SnapshotSent(replica, to, arrived: false));
            return;
        }

        long now = node.Clock.MonotonicMs;
        var transfer = new OutgoingTransfer(replica, to, snapshot, files.OpenFile(snapshot)) { ProgressAtMs = now };
        _transfers.Add(transfer);
        Offer(transfer, now);
    }

    /// <summary>An answer of a follower.</summary>
    public void OnMessage(RaftId from, in SnapshotMessage message)
    {
        if (Find(message.Group, from) is not { } transfer || transfer.Position != message.Position)
            return;
        long now = node.Clock.MonotonicMs;
        switch (message.Kind)
        {
            case SnapshotMessageKind.Progress:
                if (message.Bytes > transfer.Snapshot.SizeBytes)
                    return;
                if (message.Bytes > transfer.Acknowledged || !transfer.IsAccepted)
                    transfer.ProgressAtMs = now;
                if (!transfer.IsAccepted)
                    transfer.Sent = message.Bytes;
                transfer.IsAccepted = true;
                transfer.Acknowledged = message.Bytes;
                transfer.Sent = Math.Max(transfer.Sent, message.Bytes);
                break;
            case SnapshotMessageKind.Done:
                End(transfer, arrived: true);
                break;
            case SnapshotMessageKind.Refused:
                node.Log.TransferTrouble(message.Group, from, $"the receiver refuses it: {message.Reason}");
                End(transfer, arrived: false);
                break;
        }
    }

    /// <summary>Sends what the windows allow, offers again what got stuck, gives up what is hopeless.</summary>
    public void Pump(long nowMs)
    {
        for (int i = _transfers.Count - 1; i >= 0; i--)
        {
            OutgoingTransfer transfer = _transfers[i];
            if (nowMs - transfer.ProgressAtMs >= GiveUpAfterMs)
            {
                node.Log.TransferTrouble(transfer.Replica.Id, transfer.To, $"no progress for {GiveUpAfterMs / 1000} s; given up for now");
                End(transfer, arrived: false);
            }
            else if (nowMs - Math.Max(transfer.ProgressAtMs, transfer.OfferedAtMs) >= ReofferAfterMs)
            {
                Offer(transfer, nowMs);
            }
            else if (transfer.IsAccepted)
            {
                SendChunks(transfer);
            }
        }
    }

    /// <summary>Closes all files.</summary>
    public void Close()
    {
        foreach (OutgoingTransfer transfer in _transfers)
            transfer.Dispose();
        _transfers.Clear();
    }

    private void Offer(OutgoingTransfer transfer, long nowMs)
    {
        transfer.IsAccepted = false;
        transfer.OfferedAtMs = nowMs;
        node.SendSnapshotMessage(transfer.To, Lane.Snapshot, new SnapshotMessage
        {
            Kind = SnapshotMessageKind.Offer,
            Group = transfer.Replica.Id,
            Position = transfer.Position,
            Bytes = transfer.Snapshot.SizeBytes,
            Sha256 = transfer.Snapshot.Sha256,
        });
    }

    private void SendChunks(OutgoingTransfer transfer)
    {
        if (_chunk.Length == 0)
            _chunk = new byte[_chunkBytes];
        while (transfer.Sent < transfer.Snapshot.SizeBytes && transfer.Sent - transfer.Acknowledged < (long)WindowChunks * _chunkBytes)
        {
            int length = (int)Math.Min(_chunkBytes, transfer.Snapshot.SizeBytes - transfer.Sent);
            int read = transfer.File.Read(transfer.Sent, _chunk.AsSpan(0, length));
            Invariant.Holds(read == length, "a finished snapshot file doesn't get shorter");
            var message = new SnapshotMessage
            {
                Kind = SnapshotMessageKind.Chunk,
                Group = transfer.Replica.Id,
                Position = transfer.Position,
                Bytes = transfer.Sent,
                Content = _chunk.AsMemory(0, length),
            };
            if (!node.SendSnapshotMessage(transfer.To, Lane.Snapshot, message))
                return;
            transfer.Sent += length;
        }
    }

    private void End(OutgoingTransfer transfer, bool arrived)
    {
        Remove(transfer);
        transfer.Replica.Shard.Post(ShardMail.SnapshotSent(transfer.Replica, transfer.To, arrived));
    }

    private void Remove(OutgoingTransfer transfer)
    {
        _transfers.Remove(transfer);
        transfer.Dispose();
    }

    private OutgoingTransfer? Find(GroupId group, RaftId to) =>
        _transfers.Find(transfer => transfer.Replica.Id == group && transfer.To == to);
}
