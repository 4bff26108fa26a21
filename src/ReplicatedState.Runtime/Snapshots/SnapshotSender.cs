using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>The sending half of transfers. Owned by the snapshot worker.</summary>
/// <remarks>
/// A follower gets one snapshot at a time, whatever the number of its groups, and a node sends a few at once and no faster than configured: what is in a hurry is the service that goes
/// on beside it. Chunks travel on a lane of their own, so heartbeats never wait for them.
/// </remarks>
internal sealed class SnapshotSender(NodeContext node, SnapshotStore files)
{
    /// <summary>How often a transfer is looked at while nothing is heard.</summary>
    public const int PumpIntervalMs = 50;

    private const int WindowChunks = 8;
    private const int ReofferAfterMs = 1000;
    private const int GiveUpAfterMs = 30_000;
    private const int PauseAfterRefusalMs = 5000;
    private readonly int _chunkBytes = Math.Min(node.Options.Transport.SnapshotChunkBytes, node.Options.Transport.MaxMessageSize / 2);
    private readonly TransferRate _rate = new(node.Options.Transport.SnapshotBytesPerSecond);
    private readonly List<Request> _waiting = [];
    private readonly List<OutgoingTransfer> _transfers = [];
    private readonly Dictionary<(GroupId Group, RaftId To), (string Reason, long AtMs)> _refusals = [];
    private ulong _number = node.BootId;
    private byte[] _chunk = [];

    /// <summary>True while a transfer is under way or waits.</summary>
    public bool IsBusy => _transfers.Count > 0 || _waiting.Count > 0;

    /// <summary>Sends a group's snapshot as soon as it is its turn, instead of any older one that is on its way there.</summary>
    public void Begin(GroupReplica replica, RaftId to, LogPosition position)
    {
        if (Find(replica.Id, to) is { } running)
        {
            if (running.Position == position && running.Term == replica.Status.Term)
                return;
            Remove(running);
        }

        _waiting.RemoveAll(waiting => waiting.Replica.Id == replica.Id && waiting.To == to);
        _waiting.Add(new Request(replica, to, position));
    }

    /// <summary>An answer of a follower.</summary>
    public void OnMessage(RaftId from, in SnapshotMessage message)
    {
        if (Find(message.Group, from) is not { } transfer || transfer.Number != message.Transfer)
            return;
        long now = node.Clock.MonotonicMs;
        switch (message.Kind)
        {
            case SnapshotMessageKind.Progress:
                OnProgress(transfer, message.Bytes, now);
                break;
            case SnapshotMessageKind.Done:
                _refusals.Remove((message.Group, from));
                End(transfer, arrived: true);
                break;
            case SnapshotMessageKind.Refused:
                OnRefused(transfer, message.Reason, now);
                break;
        }
    }

    /// <summary>Begins what has its turn, sends what windows and rate allow, offers again what got stuck, gives up what is hopeless.</summary>
    public void Pump(long nowMs)
    {
        for (int i = _transfers.Count - 1; i >= 0; i--)
            Pump(_transfers[i], nowMs);
        for (int i = 0; i < _waiting.Count; i++)
        {
            if (!IsTurnOf(_waiting[i], nowMs))
                continue;
            Request next = _waiting[i];
            _waiting.RemoveAt(i--);
            Start(next, nowMs);
        }
    }

    /// <summary>Closes all files.</summary>
    public void Close()
    {
        foreach (OutgoingTransfer transfer in _transfers)
            transfer.Dispose();
        _transfers.Clear();
        _waiting.Clear();
    }

    private bool IsTurnOf(Request request, long nowMs)
    {
        if (_refusals.TryGetValue((request.Replica.Id, request.To), out (string, long AtMs) refused) && nowMs - refused.AtMs < PauseAfterRefusalMs)
            return false;
        return _transfers.Count < node.Options.Transport.SnapshotTransfersMax && !_transfers.Exists(transfer => transfer.To == request.To);
    }

    private void Start(Request request, long nowMs)
    {
        GroupStatus group = request.Replica.Status;
        if (group.Role != RaftRole.Leader || files.Find(request.Replica.Id, request.Position) is not { } snapshot)
        {
            // A newer one has replaced it since the core asked: it will ask again, for that one.
            request.Replica.Shard.Post(ShardMail.SnapshotSent(request.Replica, request.To, arrived: false));
            return;
        }

        var transfer = new OutgoingTransfer(++_number, group.Term, request.Replica, request.To, snapshot, files.OpenFile(snapshot)) { ProgressAtMs = nowMs };
        _transfers.Add(transfer);
        Offer(transfer, nowMs);
    }

    private void Pump(OutgoingTransfer transfer, long nowMs)
    {
        if (transfer.Replica.Status is not { Role: RaftRole.Leader } group || group.Term != transfer.Term)
        {
            // Whoever leads now sends what is needed; two senders would only cross each other.
            End(transfer, arrived: false);
            return;
        }

        if (transfer.HasArrived && node.Peers.Find(transfer.To) is { IsConnected: true })
            transfer.ProgressAtMs = nowMs;
        if (nowMs - transfer.ProgressAtMs >= GiveUpAfterMs)
        {
            node.Log.TransferTrouble(transfer.Replica.Id, transfer.To, $"no progress for {GiveUpAfterMs / 1000} s at {transfer.Acknowledged} of {transfer.Snapshot.SizeBytes} bytes; given up for now");
            End(transfer, arrived: false);
        }
        else if (nowMs - (transfer.HasArrived ? transfer.OfferedAtMs : Math.Max(transfer.ProgressAtMs, transfer.OfferedAtMs)) >= (transfer.HasArrived ? 5 * ReofferAfterMs : ReofferAfterMs))
        {
            Offer(transfer, nowMs);
        }
        else if (transfer.IsAccepted)
        {
            SendChunks(transfer, nowMs);
        }
    }

    private static void OnProgress(OutgoingTransfer transfer, long bytes, long nowMs)
    {
        if (bytes > transfer.Snapshot.SizeBytes)
            return;
        if (!transfer.IsAccepted)
        {
            // The answer to an offer: it says where to go on, be it further back than what was sent before.
            transfer.IsAccepted = true;
            transfer.ProgressAtMs = nowMs;
            transfer.Acknowledged = transfer.Sent = bytes;
        }
        else if (bytes > transfer.Acknowledged)
        {
            transfer.ProgressAtMs = nowMs;
            transfer.Acknowledged = bytes;
            transfer.Sent = Math.Max(transfer.Sent, bytes);
        }
    }

    private void OnRefused(OutgoingTransfer transfer, string reason, long nowMs)
    {
        (GroupId, RaftId) key = (transfer.Replica.Id, transfer.To);
        if (!_refusals.TryGetValue(key, out (string Reason, long) last) || last.Reason != reason)
            node.Log.TransferTrouble(transfer.Replica.Id, transfer.To, $"the receiver refuses it: {reason}");
        _refusals[key] = (reason, nowMs);
        End(transfer, arrived: false);
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
            Transfer = transfer.Number,
            Term = transfer.Term,
            Bytes = transfer.Snapshot.SizeBytes,
            ChunkBytes = _chunkBytes,
            Sha256 = transfer.Snapshot.Sha256,
            Header = transfer.Snapshot.Header,
        });
    }

    private void SendChunks(OutgoingTransfer transfer, long nowMs)
    {
        if (_chunk.Length == 0)
            _chunk = new byte[_chunkBytes];
        while (transfer.Sent < transfer.Snapshot.SizeBytes && transfer.Sent - transfer.Acknowledged < (long)WindowChunks * _chunkBytes)
        {
            int length = (int)Math.Min(_chunkBytes, transfer.Snapshot.SizeBytes - transfer.Sent);
            if (!_rate.TryTake(length, nowMs))
            {
                // It waits for its turn, not for the follower.
                if (transfer.Sent == transfer.Acknowledged)
                    transfer.ProgressAtMs = nowMs;
                return;
            }

            int read = transfer.File.Read(transfer.Sent, _chunk.AsSpan(0, length));
            Invariant.Holds(read == length, "a finished snapshot file doesn't get shorter");
            var message = new SnapshotMessage
            {
                Kind = SnapshotMessageKind.Chunk,
                Group = transfer.Replica.Id,
                Position = transfer.Position,
                Transfer = transfer.Number,
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

    /// <summary>A transfer that waits for its turn.</summary>
    private sealed record Request(GroupReplica Replica, RaftId To, LogPosition Position);
}
