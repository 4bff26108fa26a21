using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Transcript;
using ReplicatedState.Testing;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>
/// One node of a scenario: our core, driven as the reference engine's node is, by rounds of "ready". With synchronous writes a round stores, reports and
/// applies at once; with asynchronous ones it leaves jobs to an append and an apply thread, which the script runs when it likes.
/// </summary>
internal sealed class ScenarioNode
{
    private readonly NodeSettings _settings;
    private readonly EntryLog _log;
    private readonly EntryLog _stored;
    private readonly ApplyPager _pager;
    private readonly List<Envelope> _forwarded = [];
    private HardState _storedHardState;
    private HardState _shownHardState;
    private SoftStateLine _shownSoftState;

    public ScenarioNode(ulong id, NodeSettings settings)
    {
        Id = new RaftId(id);
        _settings = settings;
        SnapshotMeta start = settings.Index == 0 ? SnapshotMeta.None : new SnapshotMeta(settings.Index, 1, settings.Configuration, settings.Index, 0);
        _log = new EntryLog(start);
        _stored = new EntryLog(start);
        _pager = new ApplyPager(settings.CommittedBytesMax);
        _pager.StartAt(start.Index);
        Core = new RaftCore(settings.ToCoreConfig(Id), new PersistedState(default, start.Index), _log, new SeededRandom(id));
        _shownHardState = Core.Status.HardState;
        _shownSoftState = new SoftStateLine(0, Translation.StateOf(RaftRole.Follower));
    }

    public RaftId Id { get; }

    public RaftCore Core { get; }

    public Queue<AppendJob> AppendWork { get; } = new();

    public Queue<ApplyJob> ApplyWork { get; } = new();

    /// <summary>The log as far as it is stored.</summary>
    public EntryLog Stored => _stored;

    /// <summary>The newest snapshot: as in the reference engine's tests, one is taken after every applied entry.</summary>
    public SnapshotMeta Snapshot => _log.Snapshot;

    public bool HasReady => Core.HasEffects || Core.Status.HardState != _shownHardState || _pager.HasPage || _forwarded.Count > 0;

    public int InflightMessagesMax => _settings.InflightMessagesMax;

    /// <summary>Proposes a command; a follower sends it on to its leader. (In production that is the client's job, which a scenario lacks.)</summary>
    /// <returns>False where it was dropped.</returns>
    public bool Propose(string text)
    {
        ProposeResult result = Core.Propose([new ProposalData(EntryKind.Command, Payload.Of(Encoding.UTF8.GetBytes(text)))]);
        if (result.Outcome != ProposeOutcome.NotLeader)
            return result.Outcome == ProposeOutcome.Accepted;
        if (result.Leader.IsNone || result.Leader == Id)
            return false;
        var shown = new ScriptMessage
        {
            From = Translation.Name(Id),
            To = Translation.Name(result.Leader),
            Type = "MsgProp",
            Entries = new([new ScriptEntry(0, 0, "EntryNormal", Translation.Quote(Encoding.UTF8.GetBytes(text)))]),
        };
        _forwarded.Add(new Envelope(result.Leader.Value, shown, leader => leader.Propose(text)));
        return true;
    }

    /// <summary>Changes the members; a follower sends the wish on to its leader, as the reference engine's does.</summary>
    /// <returns>What became of it; NotLeader where it was dropped, Accepted where it was sent on.</returns>
    public ConfigResult ProposeChange(ConfigChange change)
    {
        ConfigResult result = Core.ProposeConfig(change, Core.ConfigurationIndex);
        if (result.Outcome == ConfigOutcome.Refused)
            ChangesRefused++;
        if (result.Outcome != ConfigOutcome.NotLeader || result.Leader.IsNone || result.Leader == Id)
            return result;
        var shown = new ScriptMessage
        {
            From = Translation.Name(Id),
            To = Translation.Name(result.Leader),
            Type = "MsgProp",
            Entries = new([new ScriptEntry(0, 0, "EntryConfChangeV2", "")]),
        };
        _forwarded.Add(new Envelope(result.Leader.Value, shown, leader => leader.ProposeChange(change)));
        return result with { Outcome = ConfigOutcome.Accepted };
    }

    /// <summary>How many changes this node refused as leader.</summary>
    public ulong ChangesRefused { get; private set; }

    public void Tick()
    {
        Core.Clock = new ClockReading(Core.Clock.WallMs, Core.Clock.MonotonicMs + NodeSettings.TickMs);
        Core.Tick();
    }

    public void Compact(ulong through)
    {
        _log.CompactThrough(through);
        _stored.CompactThrough(through);
        Core.OnCompacted();
    }

    /// <summary>Takes what is to be done, and does it or, with asynchronous writes, queues it.</summary>
    public NodeReady TakeReady()
    {
        CoreStatus status = Core.Status;
        // Messages keep slices of the effects they came in, so every round has effects of its own.
        var effects = new Effects();
        Core.TakeEffects(effects);
        var ready = new NodeReady { MustSync = effects.Persist?.MustSync ?? false, SoftState = TakeSoftState(effects), HardState = TakeHardState(status, effects) };
        foreach (Message message in effects.SendNow)
            PersistOrder.Check(message, _stored, _storedHardState);
        if (effects.Persist is { } operation)
        {
            ready.Entries = new(operation.Entries.Select(entry => Translation.Of(entry)));
            ready.Snapshot = operation.Snapshot is { } snapshot ? Translation.Of(snapshot) : null;
            _log.Apply(operation);
        }

        _pager.HandOut(effects.ApplyThrough);
        ready.Messages.AddRange(_forwarded);
        _forwarded.Clear();
        List<Envelope> responses = AddMessages(ready, effects, status);
        if (_settings.AsyncStorageWrites)
        {
            QueueAppend(ready, effects.Persist, responses, status);
            QueueApply(ready);
        }
        else
        {
            ready.Messages.AddRange(responses);
            StoreNow(effects.Persist, status);
            ApplyNow(ready, status);
        }

        return ready;
    }

    /// <summary>Runs the next job of the append thread; returns what it sends.</summary>
    public IReadOnlyList<Envelope> RunAppendJob(out ScriptMessage work)
    {
        AppendJob job = AppendWork.Dequeue();
        work = job.Work;
        if (job.Operation is not { } operation)
            return job.Responses;
        ulong token = operation.Token;
        ulong? installed = operation.Snapshot?.Index;
        Store(operation);
        if (job.ReportedByMessage)
            return [.. job.Responses, OwnAcknowledgement(node => node.OnStored(token, installed), operation.Attested)];
        OnStored(token, installed);
        return job.Responses;
    }

    /// <summary>Runs the next job of the apply thread; returns what it sends.</summary>
    public Envelope RunApplyJob(out ScriptMessage work)
    {
        ApplyJob job = ApplyWork.Dequeue();
        work = job.Work with { Responses = ValueList<ScriptMessage>.Empty };
        Apply(job.Through);
        return new Envelope(Id.Value, job.Work.Responses[0], node => node.OnApplied(job.Through, job.Bytes));
    }

    private SoftStateLine? TakeSoftState(Effects effects)
    {
        if (effects.SoftState is not { } state)
            return null;
        var shown = new SoftStateLine(state.Leader.Value, Translation.StateOf(state.Role));
        if (shown == _shownSoftState)
            return null;
        return _shownSoftState = shown;
    }

    private HardStateLine? TakeHardState(in CoreStatus status, Effects effects)
    {
        HardState now = status.HardState;
        if (now == _shownHardState)
            return null;
        bool termOrVote = now.Term != _shownHardState.Term || now.Vote != _shownHardState.Vote;
        Invariant.Holds(
            !termOrVote || (effects.Persist?.HardState is { } written && written.Term == now.Term && written.Vote == now.Vote),
            "a new term or vote is handed over to be stored at once");
        _shownHardState = now;
        return new HardStateLine(now.Term, now.Vote.Value, now.Commit);
    }

    /// <summary>Sorts the messages as the reference engine does; returns those that it queues behind its disk.</summary>
    /// <remarks>
    /// Permitted difference: a request for votes waits for the own vote to be stored (P2), where the reference engine sends it before. The scenario's disk is
    /// then taken to be quick: the request leaves with the round, as the script wants it, while the core hears of its disk when the script says so.
    /// The other way round, an answer that our core may send at once (P4: a refusal, or entries that are stored already) is held back until the script's
    /// append thread has run, as if the network had been slow.
    /// </remarks>
    private List<Envelope> AddMessages(NodeReady ready, Effects effects, in CoreStatus status)
    {
        var responses = new List<Envelope>();
        foreach (Message message in effects.SendNow.Concat(effects.Persist?.AfterDurable ?? []))
        {
            Message copy = message;
            var envelope = new Envelope(copy.To.Value, Translation.Of(copy), node => node.Core.Step(copy));
            (Translation.WaitsForDisk(copy.Kind) ? responses : ready.Messages).Add(envelope);
        }

        foreach (SnapshotNeed need in effects.SnapshotNeeds)
            ready.Messages.Add(SnapshotFor(need.Follower, status.HardState.Term));
        return responses;
    }

    /// <summary>The newest snapshot on its way to a node. Its bytes travel apart in production; here they arrive with the announcement.</summary>
    public Envelope SnapshotFor(RaftId to, ulong term)
    {
        var message = new Message { Kind = MessageKind.Snapshot, From = Id, To = to, Term = term, Snapshot = Snapshot };
        SnapshotMeta snapshot = Snapshot;
        RaftId from = Id;
        return new Envelope(to.Value, Translation.Of(message), node =>
        {
            node.Core.Step(message);
            if (node.Core.Status.HardState.Term == term)
                node.Core.OnSnapshotReceived(from, snapshot);
        });
    }

    private void QueueAppend(NodeReady ready, Persist? operation, List<Envelope> responses, in CoreStatus status)
    {
        if (operation is null && ready.HardState is null && responses.Count == 0)
            return;
        var work = new ScriptMessage
        {
            From = Translation.Name(Id),
            To = ScriptMessage.AppendThread,
            Type = "MsgStorageAppend",
            Term = ready.HardState?.Term ?? 0,
            Vote = ready.HardState?.Vote ?? 0,
            Commit = ready.HardState?.Commit ?? 0,
            Entries = ready.Entries,
            Snapshot = ready.Snapshot,
        };
        bool reported = operation is not null
            && (operation.Entries.Count > 0 || operation.Snapshot is not null || status.Role == RaftRole.Candidate || operation.Attested.Index > status.Durable.Index);
        AppendWork.Enqueue(new AppendJob(work, operation, responses, reported));
        ready.ThreadWork.Add(work with { Responses = new(responses.Select(r => r.Shown)) });
    }

    private void QueueApply(NodeReady ready)
    {
        ready.Committed = TakePage(ulong.MaxValue, out ulong bytes);
        if (ready.Committed.Count == 0)
            return;
        var work = new ScriptMessage
        {
            From = Translation.Name(Id),
            To = ScriptMessage.ApplyThread,
            Type = "MsgStorageApply",
            Entries = ready.Committed,
            Responses = new([new ScriptMessage { From = ScriptMessage.ApplyThread, To = Translation.Name(Id), Type = "MsgStorageApplyResp", Entries = ready.Committed }]),
        };
        ApplyWork.Enqueue(new ApplyJob(work, _pager.Taken, bytes));
        ready.ThreadWork.Add(work);
    }

    private void StoreNow(Persist? operation, in CoreStatus status)
    {
        if (operation is null)
            return;
        ulong token = operation.Token;
        ulong? installed = operation.Snapshot?.Index;
        Store(operation);
        OnStored(token, installed);
        // Permitted difference: our core applies nothing that isn't durable here (P8), so what was committed before this round's entries were stored comes out
        // after it. The reference engine shows both in one round; so it is shown here.
        if (status.Role != RaftRole.Follower || status.HardState.Commit <= _pager.Through)
            return;
        var late = new Effects();
        Core.TakeEffects(late);
        Invariant.Holds(
            late.Persist is null && late.SendNow.Count == 0 && late.SoftState is null && late.SnapshotNeeds.Count == 0,
            "storing a follower's entries brings nothing but entries to apply");
        _pager.HandOut(late.ApplyThrough);
    }

    private void ApplyNow(NodeReady ready, in CoreStatus status)
    {
        ready.Committed = TakePage(status.HardState.Commit, out ulong bytes);
        if (ready.Committed.Count == 0)
            return;
        Apply(_pager.Taken);
        OnApplied(_pager.Taken, bytes);
    }

    private ValueList<ScriptEntry> TakePage(ulong limit, out ulong bytes)
    {
        ulong from = _pager.Taken + 1;
        ulong through = _pager.TakePage(_log, limit, out bytes);
        var page = new List<ScriptEntry>();
        for (ulong index = from; index <= through; index++)
            page.Add(Translation.Of(_log[index]));
        return new(page);
    }

    private void Store(Persist operation)
    {
        _stored.Apply(operation);
        _storedHardState = operation.HardState ?? _storedHardState;
    }

    private void OnStored(ulong token, ulong? installedSnapshot)
    {
        Core.OnPersisted(token);
        if (installedSnapshot is not { } index)
            return;
        _pager.StartAt(index);
        Core.OnApplied(index);
    }

    private void Apply(ulong through)
    {
        for (ulong index = Math.Max(Snapshot.Index + 1, _log.FirstIndex); index <= through; index++)
        {
            Entry entry = _log[index];
            (ulong configIndex, Configuration configuration) = Core.ConfigurationAt(index);
            var snapshot = new SnapshotMeta(index, entry.Term, configuration, configIndex, entry.LogTimeMs);
            _log.SetSnapshot(snapshot);
            _stored.SetSnapshot(snapshot);
        }
    }

    private void OnApplied(ulong through, ulong bytes)
    {
        _pager.Applied(bytes);
        Core.OnApplied(through);
    }

    private Envelope OwnAcknowledgement(Action<ScenarioNode> arrive, LogPosition attested) => new(
        Id.Value,
        new ScriptMessage { From = ScriptMessage.AppendThread, To = Translation.Name(Id), Type = "MsgStorageAppendResp", LogTerm = attested.Term, Index = attested.Index },
        arrive);
}
