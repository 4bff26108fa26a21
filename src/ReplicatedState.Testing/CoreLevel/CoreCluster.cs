using System.Buffers.Binary;
using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>
/// A few cores with simulated disks and state machines, stepped one call at a time by a host that decides what happens next. After every call the effects are
/// carried out as the real node does, and the invariants are checked.
/// </summary>
/// <remarks>Not safe for concurrent use. Every method may throw <see cref="SimulationViolationException"/>.</remarks>
public sealed partial class CoreCluster
{
    private readonly CoreNode[] _nodes;
    private readonly ICoreClusterHost _host;
    private readonly VirtualClock _clock;
    private readonly SeededRandom _random;
    private readonly bool _clocksAgree;
    private readonly CoreInvariants _invariants;
    private readonly LeaseInvariants _leaseInvariants;
    private readonly ConductInvariants _conduct;
    private readonly SlabPool _payloads = new();
    private readonly Effects _effects = new();
    private readonly List<ProposalData> _batch = [];
    private ulong _commandsMade;

    /// <summary>Forms a group: every log begins with the entry that names all nodes as voters, in term 1, committed.</summary>
    /// <param name="nodes">How many; they get the ids 1, 2, ….</param>
    /// <param name="configOf">The configuration of a node's core.</param>
    /// <param name="host">Decides what happens when.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Where election timeouts come from.</param>
    /// <param name="spares">How many more nodes there are, with the next ids, which know nothing of the group.</param>
    /// <param name="clocksAgree">Whether all clocks show the same; otherwise they begin anywhere.</param>
    public CoreCluster(int nodes, Func<RaftId, CoreConfig> configOf, ICoreClusterHost host, VirtualClock clock, SeededRandom random, int spares = 0, bool clocksAgree = false)
    {
        _clocksAgree = clocksAgree;
        _host = host;
        _clock = clock;
        _random = random;
        _nodes = new CoreNode[nodes + spares];
        for (int i = 0; i < _nodes.Length; i++)
            _nodes[i] = new CoreNode(i, configOf(new RaftId((ulong)i + 1)));
        Configuration = Configuration.Of(_nodes.Take(nodes).Select(n => n.Id));
        _invariants = new CoreInvariants(Ledger, _nodes);
        _leaseInvariants = new LeaseInvariants(Ledger, _nodes, clock);
        _conduct = new ConductInvariants(_nodes);
        Form();
    }

    /// <summary>The nodes, by number.</summary>
    public IReadOnlyList<CoreNode> Nodes => _nodes;

    /// <summary>What is known for certain.</summary>
    public CommitLedger Ledger { get; } = new();

    /// <summary>The members in the beginning.</summary>
    public Configuration Configuration { get; }

    /// <summary>Payloads that are still referenced, by logs, queues and messages.</summary>
    public int PayloadsOutstanding => _payloads.Outstanding;

    /// <summary>The node with an id.</summary>
    public CoreNode this[RaftId id] => _nodes[(int)id.Value - 1];

    /// <summary>A tick passes at a node.</summary>
    public void Tick(CoreNode node)
    {
        Enter(node).Tick();
        Settle(node);
        _conduct.Ticked(node);
    }

    /// <summary>A message arrives. Nothing happens where the node is down.</summary>
    public void Deliver(in Message message)
    {
        CoreNode node = this[message.To];
        if (!node.IsUp)
            return;
        RaftCore core = Enter(node);
        _conduct.BeforeDelivery(node, message);
        if (message.Kind == MessageKind.PreVote)
        {
            CoreStatus before = core.Status;
            core.Step(message);
            CoreInvariants.PreVoteLeavesNoTrace(node, before);
        }
        else
        {
            core.Step(message);
        }

        Settle(node);
        _conduct.AfterDelivery(node, message);
    }

    /// <summary>A client proposes a batch of commands, each of so many bytes.</summary>
    public ProposeResult Propose(CoreNode node, int commands, int bytes)
    {
        Span<byte> content = stackalloc byte[Math.Max(bytes, sizeof(ulong))];
        for (int i = 0; i < commands; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(content, ++_commandsMade);
            _batch.Add(new ProposalData(EntryKind.Command, _payloads.Rent(content)));
        }

        RaftCore core = Enter(node);
        bool isHandingOver = !core.Status.TransferTarget.IsNone;
        ProposeResult result = core.Propose(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_batch));
        if (result.Outcome == ProposeOutcome.Accepted)
        {
            for (int i = 0; i < commands; i++)
                node.Proposals.Enqueue(new LogPosition(result.FirstIndex + (ulong)i, result.Term), result.FirstIndex + (ulong)i);
        }

        foreach (ProposalData proposal in _batch)
            proposal.Payload.Release();
        _batch.Clear();
        Settle(node);
        if (isHandingOver)
            ConductInvariants.RefusedMeanwhile(node, result.Outcome != ProposeOutcome.Accepted);
        return result;
    }

    /// <summary>A client asks a node for a linearizable read.</summary>
    public void Read(CoreNode node, ReadMode mode)
    {
        var context = new ReadContext(node.Id, (ulong)node.Incarnation, ++node.ReadSequence);
        node.Reads.Add(context, Ledger.LastAcknowledged);
        RaftCore core = Enter(node);
        bool isHandingOver = !core.Status.TransferTarget.IsNone;
        core.RequestRead(context, mode);
        Settle(node);
        if (isHandingOver)
            ConductInvariants.RefusedMeanwhile(node, !node.Reads.ContainsKey(context));
    }

    /// <summary>A node takes a turn in which it has nothing to do but to look at its clocks.</summary>
    public void Wake(CoreNode node)
    {
        Enter(node);
        Settle(node);
    }

    /// <summary>An operator moves leadership.</summary>
    public void Transfer(CoreNode node, RaftId target)
    {
        Enter(node).TransferLeadership(target);
        Settle(node);
    }

    /// <summary>An operator wants somebody else to lead.</summary>
    public void StepDown(CoreNode node)
    {
        Enter(node).StepDown();
        Settle(node);
    }

    /// <summary>An operator changes the members.</summary>
    public ConfigResult Reconfigure(CoreNode node, ConfigChange change, ulong expectedConfigIndex)
    {
        ConfigResult result = Enter(node).ProposeConfig(change, expectedConfigIndex);
        Settle(node);
        return result;
    }

    /// <summary>A node campaigns without waiting for its timer.</summary>
    public void Campaign(CoreNode node)
    {
        Enter(node).Campaign();
        Settle(node);
    }

    /// <summary>The transport tells a node that another can't be reached.</summary>
    public void ReportUnreachable(CoreNode node, RaftId peer)
    {
        Enter(node).ReportUnreachable(peer);
        Settle(node);
    }

    /// <summary>The oldest operations of the queue become durable, and what waited for them leaves. The core isn't told yet.</summary>
    public void CompletePersists(CoreNode node, int operations)
    {
        for (; operations > 0; operations--)
        {
            Persist operation = node.Pending.Dequeue();
            MakeDurable(node, operation);
            foreach (Message message in operation.AfterDurable)
                Send(node, message);
            ReleaseEntries(operation);
            node.Unreported.Enqueue(new PersistedOperation(operation.Token, operation.Snapshot?.Index ?? 0));
        }
    }

    /// <summary>The core hears of everything that is durable: of each operation, or of the last, which stands for all before it.</summary>
    public void ReportPersisted(CoreNode node, bool onlyLast)
    {
        if (node.Unreported.Count == 0)
            return;
        RaftCore core = Enter(node);
        ulong installed = 0;
        while (node.Unreported.TryDequeue(out PersistedOperation operation))
        {
            installed = Math.Max(installed, operation.InstalledSnapshot);
            if (!onlyLast || node.Unreported.Count == 0)
                core.OnPersisted(operation.Token);
        }

        if (installed > 0)
            core.OnApplied(installed);
        Settle(node);
        AnswerReads(node);
        if (installed > 0 && node.Applied < node.ApplyThrough)
            _host.OnApplyQueued(node);
    }

    /// <summary>The state machine applies what was handed out, and the core hears of it.</summary>
    public void Apply(CoreNode node)
    {
        // While a snapshot waits for the disk, the entries above it wait for the snapshot.
        if (node.Applied >= node.ApplyThrough || node.Applied < node.Log.Base.Index)
            return;
        while (node.Applied < node.ApplyThrough)
            ApplyNext(node);
        Enter(node).OnApplied(node.Applied);
        Settle(node);
        AnswerReads(node);
    }

    /// <summary>The state machine's state becomes durable up to here, as that of a machine that keeps its state on disk.</summary>
    public static void SaveState(CoreNode node) => node.DurableState = (node.Applied, node.State);

    /// <summary>The node takes a durable snapshot of its state.</summary>
    public static void TakeSnapshot(CoreNode node)
    {
        ulong index = node.Applied;
        if (index <= node.Durable.Snapshot.Index || index <= node.Log.Snapshot.Index)
            return;
        Entry entry = node.Log[index];
        (ulong configIndex, Configuration configuration) = node.Core!.ConfigurationAt(index);
        var snapshot = new SnapshotMeta(index, entry.Term, configuration, configIndex, entry.LogTimeMs);
        node.Log.SetSnapshot(snapshot);
        node.Durable.SetSnapshot(snapshot);
        if (node.DurableState.Index < index)
            SaveState(node);
    }

    /// <summary>The node gives up what its snapshot covers, but for so many trailing entries.</summary>
    public void Compact(CoreNode node, ulong trailing)
    {
        ulong through = Math.Min(node.Durable.Snapshot.Index, node.Log.Snapshot.Index);
        through -= Math.Min(through, trailing);
        if (through <= node.Log.Base.Index)
            return;
        node.Log.CompactThrough(through);
        node.Durable.CompactThrough(through);
        Enter(node).OnCompacted();
        Settle(node);
    }

    /// <summary>A snapshot's bytes have arrived at a node and are durable beside its state; true where it was told to install it or has no need to.</summary>
    public bool DeliverSnapshot(in Message announcement)
    {
        CoreNode node = this[announcement.To];
        if (!node.IsUp)
            return false;
        RaftCore core = Enter(node);
        core.Step(announcement);
        core.OnSnapshotReceived(announcement.From, announcement.Snapshot!);
        Settle(node);
        return true;
    }

    /// <summary>The sender hears whether the snapshot arrived.</summary>
    public void ReportSnapshot(CoreNode node, RaftId follower, bool ok)
    {
        Enter(node).ReportSnapshot(follower, ok);
        Settle(node);
    }

    /// <summary>Power is lost: of the operations that weren't durable the first few survive, everything in memory is gone.</summary>
    public void Crash(CoreNode node, int survivingOperations)
    {
        while (node.Pending.TryDequeue(out Persist? operation))
        {
            if (survivingOperations-- > 0)
                MakeDurable(node, operation);
            ReleaseEntries(operation);
        }

        node.Core = null;
        node.Unreported.Clear();
        node.Proposals.Clear(); // their clients will never know: outcome unknown
        node.Reads.Clear();
        node.ConfirmedReads.Clear();
        node.Log.Clear();
        (node.Applied, node.State) = node.DurableState;
        node.ApplyThrough = node.Applied;
    }

    /// <summary>Starts a node from what its disk holds.</summary>
    public void Restart(CoreNode node)
    {
        node.Log.CopyFrom(node.Durable);
        node.Incarnation++;
        node.ReadSequence = 0;
        if (_clocksAgree)
            node.Clock.Start(_clock, monotonicUs: 1_000_000, skewMs: 0);
        else
            node.Clock.Start(_clock, _random.Between(1_000_000, int.MaxValue), _random.Between(-400, 400));
        node.StallWatch = node.Config.TickMs > 0 ? new StallWatch(node.Config.TickMs, node.Clock.Read(_clock)) : null;
        node.SeenFreshAsOfMs = null;
        node.Core = new RaftCore(node.Config, new PersistedState(node.DurableHardState, node.Applied), node.Log, _random.Fork()) { Clock = node.Clock.Read(_clock) };
        _conduct.Restarted(node);
        _invariants.AfterRestart(node);
        Settle(node);
    }

    /// <summary>Ends everything and gives up all references, so that what is outstanding afterwards was leaked.</summary>
    public void Dispose()
    {
        foreach (CoreNode node in _nodes)
        {
            if (node.IsUp)
                Crash(node, 0);
            node.Durable.Clear();
            node.OldDisk?.Right.Clear();
        }
    }

    private void Form()
    {
        Payload members = _payloads.Rent(ConfigurationCodec.Encode(Configuration));
        var first = new Entry(1, 1, EntryKind.Config, 0, members);
        Ledger.Write(first, 0);
        Ledger.Commit(first.Position, 1);
        foreach (CoreNode node in _nodes)
        {
            if (Configuration.IsMember(node.Id))
            {
                node.Durable.Append(first);
                node.DurableHardState = new HardState(1, RaftId.None, 1);
            }

            Restart(node);
        }

        members.Release();
    }

    private RaftCore Enter(CoreNode node)
    {
        RaftCore core = node.Core ?? throw new InvalidOperationException($"{node} is down");
        core.Clock = node.Clock.Read(_clock);
        if (node.StallWatch?.IsStall(core.Clock, out int missedTicks) == true)
        {
            core.OnClockStall(missedTicks);
            _conduct.Stalled(node);
            Settle(node); // what it says then it says before it hears of anything else
        }

        return core;
    }

    private void Settle(CoreNode node)
    {
        RaftCore core = node.Core!;
        while (core.HasEffects)
        {
            core.TakeEffects(_effects);
            Execute(node);
        }

        _invariants.AfterStep(node);
        _leaseInvariants.AfterStep(node);
        _conduct.AfterStep(node);
    }

    private void Execute(CoreNode node)
    {
        if (_effects.LostEntries is { } lost && !NoticesOldDisk(node))
            throw new SimulationViolationException("core", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{node.Id} holds entries up to {lost.Last} only, after it acknowledged {lost.Acknowledged}"));
        if (_effects.Persist is { } operation)
            Queue(node, operation);
        foreach (Message message in _effects.SendNow)
        {
            _conduct.Said(node, message);
            Send(node, message);
        }

        if (_effects.ApplyThrough > _effects.ApplyAfter)
        {
            CoreInvariants.HandedOut(node, _effects.ApplyAfter);
            node.ApplyThrough = _effects.ApplyThrough;
            _host.OnApplyQueued(node);
        }

        foreach (ConfirmedRead read in _effects.Reads)
        {
            CoreInvariants.AnswersOnce(node, node.Reads.Remove(read.Context, out ulong mustSee));
            CoreInvariants.ReadAnswered(node, read, mustSee);
            if (read.Index > node.Applied)
                node.ConfirmedReads.Add(read);
            else
                node.ReadsServed++;
        }

        foreach (ReadContext context in _effects.ReadsFailed)
            CoreInvariants.AnswersOnce(node, node.Reads.Remove(context));
        foreach (SnapshotNeed need in _effects.SnapshotNeeds)
        {
            Invariant.Holds(node.Log.Snapshot.Index >= need.AtLeast, "the executor has the snapshot that compaction relied on");
            _host.OnSnapshotNeeded(node, need.Follower, node.Log.Snapshot);
        }
    }

    private void Queue(CoreNode node, Persist operation)
    {
        ulong? cut = operation.TruncateFrom;
        ulong previous = operation.Snapshot?.Index ?? (cut is { } from && from <= node.Log.LastIndex ? from - 1 : node.Log.LastIndex);
        (ulong previousTerm, long previousLogTimeMs) = operation.Snapshot is { } snapshot
            ? (snapshot.Term, snapshot.LogTimeMs)
            : previous > node.Log.Base.Index ? (node.Log[previous].Term, node.Log[previous].LogTimeMs) : (node.Log.Base.Term, 0);
        _invariants.Taken(node, operation, previousTerm, previousLogTimeMs);
        node.Log.Apply(operation);
        if (operation.Snapshot is not null)
            node.ApplyThrough = operation.Snapshot.Index; // what was handed out below it is gone from the log, and in the snapshot
        foreach (Message message in operation.AfterDurable)
            _conduct.Said(node, message);
        node.Pending.Enqueue(operation);
        _host.OnPersistQueued(node);
    }

    private void MakeDurable(CoreNode node, Persist operation)
    {
        node.Durable.Apply(operation);
        if (operation.HardState is { } hardState)
        {
            CoreInvariants.Stored(node, node.DurableHardState, hardState);
            node.DurableHardState = hardState;
        }

        if (operation.Snapshot is not { } snapshot || snapshot.Index <= node.Applied)
            return;
        // The state is swapped for the snapshot's, which the observer knows by its hash.
        node.Applied = snapshot.Index;
        node.State = Ledger.StateAt(snapshot.Index);
        SaveState(node);
        SettleProposals(node);
    }

    private void Send(CoreNode node, in Message message)
    {
        CoreInvariants.Sent(node, message);
        if (node.OldDisk is null) // what one on an old disk says, and how it gets through, is in TryLoseWrites
            _host.OnSent(node, message);
    }

    private void ApplyNext(CoreNode node)
    {
        Entry entry = node.Log[node.Applied + 1];
        TraceHash state = node.State;
        state.Add(entry.Index);
        state.Add(entry.Term);
        state.Add(Ledger.ContentAt(entry.Position));
        _invariants.Applied(node, entry.Index, state);
        node.Applied = entry.Index;
        node.State = state;
        SettleProposals(node);
    }

    /// <summary>What is applied at its index tells a proposal's fate.</summary>
    private void SettleProposals(CoreNode node)
    {
        while (node.Proposals.TryPeek(out LogPosition proposal, out _) && proposal.Index <= node.Applied)
        {
            node.Proposals.Dequeue();
            bool known = proposal.Index > node.Log.Base.Index && proposal.Index <= node.Log.LastIndex;
            if (known && node.Log.TermAt(proposal.Index) == proposal.Term)
                Ledger.Acknowledge(proposal.Index, _clock.NowUs);
        }
    }

    /// <summary>Answers what has waited for its index; what a lease allowed only if it holds still. (A client asks again then.)</summary>
    private static void AnswerReads(CoreNode node) =>
        node.ConfirmedReads.RemoveAll(read =>
        {
            if (read.Index > node.Applied)
                return false;
            if (node.Core!.MayAnswer(read))
                node.ReadsServed++;
            return true;
        });

    private static void ReleaseEntries(Persist operation)
    {
        foreach (Entry entry in operation.Entries)
            entry.Release();
    }
}
