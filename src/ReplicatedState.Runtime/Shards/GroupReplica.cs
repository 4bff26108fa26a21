using System.Runtime.InteropServices;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Memory;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Persistence;
using ReplicatedState.Runtime.Reads;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Requests;

using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

/// <summary>One group on this node: the core, its log, the machine above it, and everybody who waits for it. Carries out what the core wants done.</summary>
/// <remarks>
/// Owned by its shard's thread. A turn has two halves: <see cref="Advance"/> tells the core what happened and passes on what it wants sent and written, so that the network and the
/// disk are at work while <see cref="ApplyAndAnswer"/> applies what is committed and answers.
/// </remarks>
internal sealed partial class GroupReplica
{
    private readonly NodeContext _node;
    private readonly RaftCore _core;
    private readonly GroupLog _log;
    private readonly Effects _effects = new();
    private readonly Completions _completions;
    private readonly ProposalWaiters _waiters = new();
    private readonly PendingReads _reads;
    private readonly PayloadWriter _payloads;
    private long _unknownAtMs = long.MaxValue;

    private GroupReplica(NodeContext node, Shard shard, ClusterGroup description, GroupLog log, GroupMachineSlot machine, PersistedState boot)
    {
        _node = node;
        Shard = shard;
        Description = description;
        _log = log;
        _machine = machine;
        _core = new RaftCore(node.CoreConfigFor(description.Id), boot, log, new CoreRandom(node.DrawUInt64()), node.TraceSinkFor());
        _completions = new Completions(description.Id, node);
        _reads = new PendingReads(node.Identity.RaftId, node.BootId, description.Id, _completions);
        _watches = new PendingWatches(_completions);
        _payloads = new PayloadWriter(node.Slabs, PayloadSlabBytes);
        _pace = new ApplyPace(isTrusted: Id == GroupId.System, graveUs: node.TickMs * 1000L);
        _slowBatch = new ApplyBatch(this, _completions, node.Clock);
        _applyThrough = boot.Applied;
        _snapshotAtMs = node.Clock.MonotonicMs;
        RaftOptions raft = node.Options.Raft;
        _reports = new MemberReports(2L * raft.ElectionTimeoutMaxMs);
        _clocks = new VoterClocks(raft.MaxClockSkewMs, raft.ElectionTimeoutMaxMs);
        _comparison = new HashComparison(node.Identity.RaftId);
        _ownHash = OwnHash;
        _states = new HashComparison(node.Identity.RaftId);
        _ownState = OwnState;
        _isTrusted = IsTrusted;
        Publish();
    }

    /// <summary>Which group.</summary>
    public GroupId Id => Description.Id;

    /// <summary>What the cluster's records say of it.</summary>
    public ClusterGroup Description { get; }

    /// <summary>The shard that runs it.</summary>
    public Shard Shard { get; }

    /// <summary>True while this node leads the group.</summary>
    public bool IsLeader => _core.Status.Role == RaftRole.Leader;

    /// <summary>True while calls wait for something that other threads do.</summary>
    public bool HasCallsUnderWay => _waiters.Count > 0 || _reads.HasPending;

    /// <summary>True while committed entries wait to be applied.</summary>
    public bool HasMoreToApply => CanApply && _machine.Applied < _applyThrough;

    /// <summary>True from the moment that something happened in this turn until it was dealt with; kept by the shard.</summary>
    public bool IsTouched { get; set; }

    /// <summary>What was last published of its status. Any thread.</summary>
    public GroupStatus Status => Volatile.Read(ref _status!);

    /// <summary>The term and vote that were last written; the storage thread's own note.</summary>
    public (ulong Term, RaftId Vote) WrittenVote { get; set; }

    /// <summary>A message from another member.</summary>
    public void Step(in Message message)
    {
        // A full disk must not be filled by what leaders send; votes and heartbeats go on (storage rule 5). The leader is told why: see ReportToLeader.
        if (_node.IsSpaceLow && !message.Entries.IsEmpty)
            return;
        // What another group of this disk lost, this one may have lost too: no vote and no acknowledgement. Heartbeats go on, so that each leader finds out for itself.
        if (_node.HasLostEntries && message.Kind != MessageKind.Heartbeat)
            return;
        if (message.Kind == MessageKind.HeartbeatResponse)
            NoteClaim(message);
        _core.Step(message);
    }

    /// <summary>Sets what the core sees as the time; before anything else in a turn.</summary>
    public void SetClock(ClockReading now) => _core.Clock = now;

    /// <summary>The node stood still; before anything else in a turn.</summary>
    public void OnClockStall(int missedTicks) => _core.OnClockStall(missedTicks);

    /// <summary>A tick has passed.</summary>
    public void Tick(long nowMs)
    {
        _core.Tick();
        _waiters.ExpireAt(nowMs, _completions);
        _reads.ExpireAt(nowMs, _machine.Applied);
        AskForWatches(nowMs);
        if (nowMs >= _unknownAtMs)
        {
            _unknownAtMs = long.MaxValue;
            _waiters.Abandon("Leadership was lost before the command was committed; whether it will be executed is not known.", _completions);
        }

        NoteWhoIsAround(nowMs);
        CompareHashes(nowMs);
        LookAtTime(nowMs);
        CaptureIfDue(nowMs);
        ReportToLeader(nowMs);
        YieldIfSpaceIsLow(nowMs);
        YieldWithoutVersion(nowMs);
        LetIdleWorkerGo(nowMs);
        Publish();
    }

    /// <summary>Frames to a member were lost.</summary>
    public void ReportUnreachable(RaftId node) => _core.ReportUnreachable(node);

    /// <summary>First half of a turn: proposals and questions go into the core, messages and writes come out.</summary>
    public void Advance()
    {
        ProposeWaiting();
        _reads.Ask(_core);
        while (_core.HasEffects)
        {
            _core.TakeEffects(_effects);
            CarryOut(_effects);
        }
    }

    /// <summary>Last step of a turn: nothing that was encoded refers to the log any more, so it may let go of what it needn't keep.</summary>
    public void EndTurn() => _log.Trim();

    /// <summary>An operation is durable.</summary>
    public void OnPersisted(ulong token, ulong attestedLast)
    {
        _log.OnWritten(token, attestedLast);
        _core.OnPersisted(token);
        OnInstallPersisted(token);
    }

    /// <summary>Ends everything that waits, because the node stops.</summary>
    public void Abandon(string why)
    {
        _waiters.Abandon(why, _completions);
        _reads.Abandon(ReplyStatus.NodeStopped, why);
        _watches.Abandon(ReplyStatus.NodeStopped, why);
        RefuseProposals(ReplyStatus.NodeStopped, why);
        foreach (GroupOperation inspection in _inspections)
            inspection.Complete(null, why);
        _inspections.Clear();
        EndTrials(why);
        _effects.Clear();
        _log.Close();
        _payloads.Close();
    }

    private void CarryOut(Effects effects)
    {
        if (effects.SoftState is { } softState)
            OnSoftState(softState);
        // Encoded before the log takes the operation in: the entries of messages are the log's, and a truncation would give them up.
        foreach (ref Message message in CollectionsMarshal.AsSpan(effects.SendNow))
        {
            if (message is { Kind: MessageKind.HeartbeatResponse, Reject: false })
                message.Applied = Claim();
            Shard.Frames.Add(message);
        }

        if (effects.LostEntries is { } lost)
            _node.OnLostEntries(this, lost);
        if (effects.Persist is { } operation)
        {
            _log.Take(operation);
            if (operation.Snapshot is { } snapshot)
                BeginInstall(operation.Token, snapshot);
            _node.Storage.Post(new StorageMail { Kind = StorageMailKind.Persist, Group = Id, Replica = this, Operation = operation });
            Shard.HasPosted = true;
        }

        if (effects.ApplyThrough > effects.ApplyAfter)
            _applyThrough = effects.ApplyThrough;
        foreach (ConfirmedRead read in effects.Reads)
            _reads.OnConfirmed(read);
        foreach (ReadContext failed in effects.ReadsFailed)
            _reads.OnFailed(failed);
        foreach (SnapshotNeed need in effects.SnapshotNeeds)
        {
            // A state that may be wrong is nobody's; the core will ask again.
            if (_standing == ReplicaStanding.Trusted)
                _node.Snapshots.Send(this, need.Follower, _log.Snapshot);
            else
                _core.ReportSnapshot(need.Follower, ok: false);
        }
    }

    private void OnSoftState(SoftState state)
    {
        bool leads = state.Role == RaftRole.Leader;
        Member? leader = _node.MemberOf(state.Leader);
        _reports.Clear();
        ForgetComparison();
        _completions.Leader = leads ? RaftId.None : state.Leader;
        // Whoever waits on a leader that was is told by what is applied later; but nobody is kept waiting for longer than an election takes.
        if (leads)
            _unknownAtMs = long.MaxValue;
        else if (_waiters.Count > 0 && _unknownAtMs == long.MaxValue)
            _unknownAtMs = _core.Clock.MonotonicMs + _node.Options.Raft.ElectionTimeoutMaxMs;
        _node.Log.RoleChanged(Id, Description.Name, state.Role, state.Term, leader?.Name ?? (state.Leader.IsNone ? "nobody" : state.Leader.ToString()));
        Publish();
    }
}
