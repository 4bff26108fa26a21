using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>The actor that reads and writes snapshot files, so that nobody else waits for them: it saves captured states and carries transfers in both directions.</summary>
/// <remarks>
/// A transfer is an offer, an answer that says how much is there already, and chunks of which a few are under way at once. Whatever gets lost is found out by time: the
/// sender offers again, and the answer says where to go on.
/// </remarks>
internal sealed class SnapshotWorker : IActor
{
    /// <summary>Pieces from outside that may wait; more are dropped and sent again.</summary>
    private const int MailMax = 256;

    private readonly NodeContext _node;
    private readonly SnapshotStore _files;
    private readonly Mailbox<SnapshotMail> _mailbox = new(MailMax);
    private readonly SnapshotSender _sender;
    private readonly SnapshotReception _reception;
    private IWakeHandle? _wake;

    public SnapshotWorker(NodeContext node, SnapshotStore files)
    {
        _node = node;
        _files = files;
        _sender = new SnapshotSender(node, files);
        _reception = new SnapshotReception(node, files);
    }

    /// <inheritdoc/>
    public string Name => "snapshots";

    /// <summary>Starts to take turns.</summary>
    public void Start(IScheduler scheduler)
    {
        _wake = scheduler.Add(this);
        _wake.Wake();
    }

    /// <summary>Writes a captured state; the shard hears of it when it is durable. Takes the buffer over.</summary>
    public void Save(GroupReplica replica, SnapshotHeader header, SnapshotBuffer buffer) =>
        Post(new SnapshotMail { Kind = SnapshotMailKind.Save, Replica = replica, Header = header, Buffer = buffer });

    /// <summary>Sends a snapshot to a follower; the shard hears of the end.</summary>
    public void Send(GroupReplica replica, RaftId to, SnapshotMeta snapshot) =>
        Post(new SnapshotMail { Kind = SnapshotMailKind.Send, Replica = replica, Node = to, Position = snapshot.Position });

    /// <summary>Removes the files of snapshots below a position.</summary>
    public void DeleteOlder(GroupId group, LogPosition than) =>
        Post(new SnapshotMail { Kind = SnapshotMailKind.DeleteOlder, Group = group, Position = than });

    /// <summary>Puts a machine's quarantine on the disk; the shard hears of it when it is durable.</summary>
    public void Keep(GroupReplica replica, QuarantineRecord quarantine) =>
        Post(new SnapshotMail { Kind = SnapshotMailKind.Keep, Replica = replica, Quarantine = quarantine });

    /// <summary>Takes it off the disk again; the shard hears of it when that is durable.</summary>
    public void Release(GroupReplica replica, QuarantineRecord quarantine) =>
        Post(new SnapshotMail { Kind = SnapshotMailKind.Release, Replica = replica, Quarantine = quarantine });

    /// <summary>A piece of a transfer arrived. Any thread; dropped where too much waits.</summary>
    public void OnMessage(RaftId from, in SnapshotMessage message)
    {
        if (_mailbox.TryPost(new SnapshotMail { Kind = SnapshotMailKind.Message, Node = from, Message = message }))
            _wake?.Wake();
    }

    /// <summary>Closes all files.</summary>
    public void Close()
    {
        _sender.Close();
        _reception.Close();
    }

    /// <inheritdoc/>
    public bool RunOnce()
    {
        if (_node.IsStopped)
            return false;
        try
        {
            ReadOnlySpan<SnapshotMail> mails = _mailbox.Drain();
            bool worked = !mails.IsEmpty;
            foreach (ref readonly SnapshotMail mail in mails)
                Handle(mail);
            long now = _node.Clock.MonotonicMs;
            _sender.Pump(now);
            if (_sender.IsBusy)
                _wake!.WakeAt(now + SnapshotSender.PumpIntervalMs);
            return worked;
        }
        catch (Exception failure)
        {
            _node.Fail($"A file beside the log (a snapshot, or what is kept of a quarantine) could not be read or written, so the node stops: {failure.Message}", failure);
            return false;
        }
    }

    private void Handle(in SnapshotMail mail)
    {
        switch (mail.Kind)
        {
            case SnapshotMailKind.Save:
                Write(mail.Replica!, mail.Header!, mail.Buffer!);
                break;
            case SnapshotMailKind.Send:
                _sender.Begin(mail.Replica!, mail.Node, mail.Position);
                break;
            case SnapshotMailKind.DeleteOlder:
                _files.DeleteOlder(mail.Group, mail.Position);
                break;
            case SnapshotMailKind.Keep:
                _node.Distrust.Keep(mail.Quarantine!);
                mail.Replica!.Shard.Post(ShardMail.QuarantineKept(mail.Replica, mail.Quarantine!));
                break;
            case SnapshotMailKind.Release:
                _node.Distrust.Release(mail.Quarantine!.Group);
                mail.Replica!.Shard.Post(ShardMail.QuarantineReleased(mail.Replica, mail.Quarantine));
                break;
            default:
                if (mail.Message.Kind is SnapshotMessageKind.Offer or SnapshotMessageKind.Chunk)
                    _reception.OnMessage(mail.Node, mail.Message);
                else
                    _sender.OnMessage(mail.Node, mail.Message);
                break;
        }
    }

    private void Write(GroupReplica replica, SnapshotHeader header, SnapshotBuffer buffer)
    {
        using (buffer)
        using (SnapshotWriter writer = _files.Create(header))
        {
            buffer.CopyTo(writer);
            replica.Shard.Post(ShardMail.SnapshotSaved(replica, writer.Complete()));
        }
    }

    private void Post(in SnapshotMail mail)
    {
        _mailbox.Post(mail);
        _wake?.Wake();
    }
}
