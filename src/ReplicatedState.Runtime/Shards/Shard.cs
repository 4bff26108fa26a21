using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Wire;

using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

/// <summary>The actor that owns some of a node's groups: it drives their cores, sends what they say, gives the storage thread one batch, applies and answers while machines are quick.</summary>
internal sealed class Shard : ISpinningActor
{
    /// <summary>Mail from outside that may wait.</summary>
    private const int MailMax = 65_536;

    /// <summary>Bytes of frames that may wait; more are dropped, which Raft survives.</summary>
    private const long FrameBytesMax = 64 * 1024 * 1024;


    private readonly NodeContext _node;
    private readonly int _ordinal;
    private readonly int _tickMs;
    private readonly Mailbox<ShardMail> _mailbox = new(MailMax);
    private readonly StallWatch _stallWatch;
    private readonly List<GroupReplica> _groups = [];
    private readonly List<GroupReplica> _touched = [];
    private IWakeHandle? _wake;
    private long _frameBytes;
    private long _nextTickMs;
    private long _handOverUntilMs = long.MaxValue;
    private bool _closed;

    public Shard(NodeContext node, int ordinal)
    {
        _node = node;
        _ordinal = ordinal;
        _tickMs = node.TickMs;
        _nextTickMs = node.Clock.MonotonicMs + _tickMs;
        _stallWatch = new StallWatch(_tickMs, new ClockReading(node.Clock.WallMs, node.Clock.MonotonicMs));
        Frames = node.NewAssembler();
    }

    /// <inheritdoc/>
    public string Name => $"shard {_ordinal}";

    /// <inheritdoc/>
    public bool ExpectsWorkSoon => _node.HasRequestsUnderWay;

    /// <summary>Where the groups' messages of this turn gather.</summary>
    public FrameAssembler Frames { get; }

    /// <summary>Set where a group left something for the storage thread in this turn.</summary>
    public bool HasPosted { get; set; }

    /// <summary>Starts to take turns.</summary>
    public void Start(IScheduler scheduler)
    {
        _wake = scheduler.Add(this);
        _wake.Wake();
    }

    /// <summary>Leaves mail that the shard itself, or the node, has caused.</summary>
    public void Post(in ShardMail mail)
    {
        _mailbox.Post(mail);
        _wake?.Wake();
    }

    /// <summary>Leaves mail from outside; false where there is too much already.</summary>
    public bool TryPost(in ShardMail mail)
    {
        if (!_mailbox.TryPost(mail))
            return false;
        _wake?.Wake();
        return true;
    }

    /// <summary>Leaves a frame; false where the shard can't keep up.</summary>
    public bool TryPost(InboundFrame frame)
    {
        long bytes = frame.Bytes;
        if (Interlocked.Add(ref _frameBytes, bytes) <= FrameBytesMax && TryPost(ShardMail.Frame(frame)))
            return true;
        Interlocked.Add(ref _frameBytes, -bytes);
        return false;
    }

    /// <summary>Wakes the shard, to see that the node has stopped.</summary>
    public void Wake() => _wake?.Wake();

    /// <inheritdoc/>
    public bool RunOnce()
    {
        if (_closed)
            return false;
        try
        {
            if (!_node.IsStopped)
                return Turn();
        }
        catch (Exception failure)
        {
            _node.Fail($"A part of the node contradicted itself, so it stops rather than guess: {failure.Message} Report this with the log; a restart replays what is durable.", failure);
        }

        Close();
        return false;
    }

    private bool Turn()
    {
        // Commands run on this thread, and their results must not depend on the machine's language.
        if (!ReferenceEquals(CultureInfo.CurrentCulture, CultureInfo.InvariantCulture))
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        ReadOnlySpan<ShardMail> mails = _mailbox.Drain();
        // In this order: a lease counts from a clock that was read after what is handled had arrived.
        var now = new ClockReading(_node.Clock.WallMs, _node.Clock.MonotonicMs);
        foreach (GroupReplica group in _groups)
            group.SetClock(now);
        ReportStall(now);
        bool worked = !mails.IsEmpty;
        foreach (ref readonly ShardMail mail in mails)
            Handle(mail, now.MonotonicMs);
        TickIfDue(now.MonotonicMs);
        foreach (GroupReplica group in _touched)
            group.Advance();
        Flush();
        bool more = false;
        foreach (GroupReplica group in _touched)
        {
            group.ApplyAndAnswer();
            group.Advance();
            group.EndTurn();
            more |= group.HasMoreToApply;
            group.IsTouched = false;
        }

        Flush();
        KeepApplying();
        ReportUnreachable();
        _wake!.WakeAt(_nextTickMs);
        return more || worked;
    }

    private void Handle(in ShardMail mail, long nowMs)
    {
        switch (mail.Kind)
        {
            case ShardMailKind.Frame:
                Step((InboundFrame)mail.Subject!);
                break;
            case ShardMailKind.Request:
                mail.Replica!.OnRequest((NodeRequest)mail.Subject!, nowMs);
                break;
            case ShardMailKind.Persisted:
                mail.Replica!.OnPersisted(mail.Number, mail.Last);
                break;
            case ShardMailKind.SnapshotRecorded:
                mail.Replica!.OnSnapshotRecorded((SnapshotMeta)mail.Subject!);
                break;
            case ShardMailKind.SnapshotSaved:
                mail.Replica!.OnSnapshotSaved((StoredSnapshot)mail.Subject!);
                break;
            case ShardMailKind.SnapshotReceived:
                mail.Replica!.OnSnapshotReceived((ReceivedSnapshot)mail.Subject!);
                break;
            case ShardMailKind.SnapshotSent:
                mail.Replica!.OnSnapshotSent(new RaftId(mail.Number), mail.Flag);
                break;
            case ShardMailKind.TaskDone:
                mail.Replica!.OnTaskDone((MachineTask)mail.Subject!);
                break;
            case ShardMailKind.StartGroup:
                StartGroup((ClusterGroup)mail.Subject!);
                break;
            case ShardMailKind.Unreachable:
                foreach (GroupReplica group in _groups)
                    group.ReportUnreachable(new RaftId(mail.Number));
                break;
            case ShardMailKind.Operation:
                mail.Replica!.Carry((GroupOperation)mail.Subject!);
                break;
            case ShardMailKind.Reconfigure:
                mail.Replica!.Reconfigure((MembershipStep)mail.Subject!);
                break;
            case ShardMailKind.Activate:
                mail.Replica!.Activate((int)mail.Number);
                break;
            case ShardMailKind.Propose:
                mail.Replica!.ProposeOwn(EntryKind.Command, (byte[])mail.Subject!);
                break;
            case ShardMailKind.HandOver:
                HandOver(nowMs);
                break;
            case ShardMailKind.Report:
                mail.Replica!.OnReport(new RaftId(mail.Number), (ReplicaReport)mail.Subject!);
                break;
            case ShardMailKind.Verdict:
                mail.Replica!.OnVerdict(new RaftId(mail.Number), (Verdict)mail.Subject!);
                break;
            case ShardMailKind.QuarantineKept:
                mail.Replica!.OnQuarantineKept((QuarantineRecord)mail.Subject!);
                break;
            case ShardMailKind.QuarantineReleased:
                mail.Replica!.OnQuarantineReleased((QuarantineRecord)mail.Subject!);
                break;
        }

        if (mail.Replica is { } replica)
            Touch(replica);
    }

    private void Step(InboundFrame frame)
    {
        foreach (ref readonly Message message in frame.Messages)
        {
            if (Find(message.Group) is not { } group)
                continue;
            group.Step(message);
            Touch(group);
        }

        Interlocked.Add(ref _frameBytes, -frame.Bytes);
        // The cores hold references of their own to the entries that they took.
        frame.Release();
    }

    /// <summary>A turn is due at every tick; where the node stood still, its cores hear of that before they hear of anything else.</summary>
    private void ReportStall(in ClockReading now)
    {
        if (!_stallWatch.IsStall(now, out int missedTicks))
            return;
        foreach (GroupReplica group in _groups)
        {
            group.OnClockStall(missedTicks);
            Touch(group);
        }
    }

    /// <summary>
    /// The clocks as they are now, in the middle of a turn. False where the node stood still since they were last read: then nothing may be concluded from them before the next turn
    /// has told the cores.
    /// </summary>
    public bool TryLookAtClock(out ClockReading now)
    {
        now = new ClockReading(_node.Clock.WallMs, _node.Clock.MonotonicMs);
        return !_stallWatch.WouldBeStall(now);
    }

    private void TickIfDue(long nowMs)
    {
        if (nowMs < _nextTickMs)
            return;
        // After a stall (a paused process, a starved machine) the time that passed is not made up for: what waited in the mailbox was heard first, and a burst of
        // ticks would only depose a leader that is well.
        _nextTickMs = nowMs - _nextTickMs > _tickMs ? nowMs + _tickMs : _nextTickMs + _tickMs;
        foreach (GroupReplica group in _groups)
        {
            group.Tick(nowMs);
            Touch(group);
        }

        if (_handOverUntilMs != long.MaxValue)
            HandOver(nowMs);
    }

    /// <summary>Hands every group over that this node leads, again at each tick until another leads it. Given up after an election timeout: then the others elect without help.</summary>
    private void HandOver(long nowMs)
    {
        if (_handOverUntilMs == long.MaxValue)
            _handOverUntilMs = nowMs + _node.Options.Raft.ElectionTimeoutMinMs;
        bool waits = false;
        foreach (GroupReplica group in _groups)
        {
            waits |= group.HandOver();
            Touch(group);
        }

        if (waits && nowMs < _handOverUntilMs)
            return;
        _handOverUntilMs = long.MaxValue;
        _node.OnHandedOver();
    }

    private void StartGroup(ClusterGroup description)
    {
        if (Find(description.Id) is not null)
            return;
        GroupReplica opened = GroupReplica.Open(_node, this, description);
        opened.SetClock(new ClockReading(_node.Clock.WallMs, _node.Clock.MonotonicMs));
        int at = _groups.FindIndex(group => group.Id > opened.Id);
        _groups.Insert(at < 0 ? _groups.Count : at, opened);
        _node.OnGroupStarted(opened);
        Touch(opened);
    }

    private void Touch(GroupReplica group)
    {
        if (group.IsTouched)
            return;
        group.IsTouched = true;
        _touched.Add(group);
    }

    /// <summary>Groups with more to apply take their next slice in the next turn; the others are done.</summary>
    private void KeepApplying()
    {
        int kept = 0;
        for (int i = 0; i < _touched.Count; i++)
        {
            GroupReplica group = _touched[i];
            if (!group.HasMoreToApply)
                continue;
            group.IsTouched = true;
            _touched[kept++] = group;
        }

        _touched.RemoveRange(kept, _touched.Count - kept);
    }

    private void Flush()
    {
        Frames.Flush();
        if (!HasPosted)
            return;
        HasPosted = false;
        _node.Storage.Wake();
    }

    /// <summary>A full or broken lane lost frames: the cores go back to asking what arrived.</summary>
    private void ReportUnreachable()
    {
        if (Frames.Unreachable.Count == 0)
            return;
        foreach (RaftId node in Frames.Unreachable)
        {
            foreach (GroupReplica group in _groups)
                group.ReportUnreachable(node);
        }

        Frames.ForgetUnreachable();
    }

    private GroupReplica? Find(GroupId id)
    {
        int low = 0;
        int high = _groups.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = _groups[middle].Id.CompareTo(id);
            if (order == 0)
                return _groups[middle];
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    private void Close()
    {
        _closed = true;
        string why = _node.StopSentence;
        _mailbox.Close();
        foreach (ref readonly ShardMail mail in _mailbox.Drain())
        {
            if (mail.Kind == ShardMailKind.Request)
                mail.Replica!.OnRequest((NodeRequest)mail.Subject!, nowMs: long.MinValue);
            else if (mail.Kind == ShardMailKind.Operation)
                ((GroupOperation)mail.Subject!).Complete(null, why);
            else if (mail.Kind == ShardMailKind.Frame)
                ((InboundFrame)mail.Subject!).Release();
        }

        foreach (GroupReplica group in _groups)
            group.Abandon(why);
        _node.OnShardClosed();
    }
}
