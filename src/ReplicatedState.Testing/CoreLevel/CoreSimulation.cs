using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>
/// A whole run from one seed: a cluster of cores, clients that write and read, a network and disks that fail; then all faults end, and the cluster must
/// become whole again within a bound. Faults are in CoreSimulation.Faults.cs, the clients in .Clients.cs, the end in .Convergence.cs.
/// </summary>
public sealed partial class CoreSimulation : ICoreClusterHost
{
    private readonly CoreSimulationOptions _options;
    private readonly SeededRandom _random;
    private readonly VirtualClock _clock = new();
    private readonly EventQueue<CoreEvent> _events = new();
    private readonly MessagePool _messages = new();
    private readonly SimulatedNetwork _network;
    private readonly CoreCluster _cluster;
    private readonly Station[] _stations;
    private TraceHash _trace;
    private long _eventsSeen;
    private int _elections;
    private int _reconfigurations;
    private bool _faulty = true;
    private bool _finished;

    private CoreSimulation(CoreSimulationOptions options, SeededRandom random)
    {
        _options = options;
        _random = random;
        int nodes = options.Nodes + options.Spares;
        _stations = new Station[nodes];
        _network = new SimulatedNetwork(nodes, options.Network, random.Fork());
        _cluster = new CoreCluster(options.Nodes, id => options.Core with { Self = id, Priority = options.Priorities ? (int)(id.Value % 3) : 0 }, this, _clock, random.Fork(), options.Spares);
    }

    /// <summary>Runs a seed to its end, or to the first broken promise.</summary>
    /// <param name="seed">Stands for the whole run.</param>
    /// <param name="adjust">Changes the options that the seed draws, for tests that look for something.</param>
    public static SimulationResult Run(ulong seed, Func<CoreSimulationOptions, CoreSimulationOptions>? adjust = null)
    {
        var random = new SeededRandom(seed);
        CoreSimulationOptions options = CoreSimulationOptions.Draw(random);
        var simulation = new CoreSimulation(adjust?.Invoke(options) ?? options, random);
        string? violation = null;
        try
        {
            simulation.RunToEnd();
        }
        catch (SimulationViolationException e)
        {
            violation = e.Message;
        }
        catch (Exception e) when (e is InvariantViolationException or LogReadException)
        {
            // The core, or the log under it, contradicted itself: as good a find as any.
            violation = $"core: {e.Message}";
        }

        return new SimulationResult(seed, violation, simulation._trace, simulation._eventsSeen, simulation._cluster.Ledger.LastCommitted, simulation._elections)
        {
            Reconfigurations = simulation._reconfigurations,
        };
    }

    private void RunToEnd()
    {
        foreach (CoreNode node in _cluster.Nodes)
        {
            node.Clock.GainPerMille = _random.Between(-_options.ClockGainPerMilleMax, _options.ClockGainPerMilleMax);
            PlanTick(node, _random.Between(0, _options.TickUs));
        }

        PlanFaults();
        PlanClients();
        _events.Add(_options.FaultyUs, new CoreEvent(CoreEventKind.Converge, 0));
        while (!_finished && _events.TryTake(out long at, out CoreEvent next))
        {
            if (Postponed(at, next))
                continue;
            _clock.AdvanceTo(at);
            _eventsSeen++;
            _trace.Add((ulong)at);
            _trace.Add(((ulong)next.Kind << 56) ^ ((ulong)next.Node << 48) ^ (ulong)next.Detail);
            Handle(next);
        }

        OfferForgedSnapshot();
        CheckForLeaks();
    }

    private void Handle(CoreEvent e)
    {
        CoreNode node = _cluster.Nodes[e.Node];
        bool stale = e.Incarnation != 0 && (e.Incarnation != node.Incarnation || !node.IsUp);
        switch (e.Kind)
        {
            case CoreEventKind.Tick:
                if (!stale)
                {
                    PlanTick(node, node.Clock.TrueUs(_options.TickUs));
                    _cluster.Tick(node);
                    NoteLeader(node);
                }

                break;
            case CoreEventKind.Deliver:
                Deliver((int)e.Detail);
                break;
            case CoreEventKind.Synced:
                if (!stale)
                    Synced(node, (int)e.Detail);
                break;
            case CoreEventKind.Report:
                if (!stale)
                {
                    _cluster.ReportPersisted(node, onlyLast: _random.Chance(500));
                    NoteLeader(node);
                }

                break;
            case CoreEventKind.Apply:
                if (!stale)
                    Apply(node);
                break;
            case CoreEventKind.SnapshotArrives:
                SnapshotArrives((int)e.Detail);
                break;
            case CoreEventKind.SnapshotReported:
                if (!stale)
                    _cluster.ReportSnapshot(node, new RaftId((ulong)(uint)e.Detail), (e.Detail >> 32) != 0);
                break;
            case CoreEventKind.Propose:
                Propose();
                break;
            case CoreEventKind.Read:
                Read();
                break;
            case CoreEventKind.Reconfigure:
                Reconfigure();
                break;
            case CoreEventKind.Converge:
                Converge();
                break;
            default:
                Fail(e, node);
                break;
        }
    }

    private void PlanTick(CoreNode node, long inUs) => _events.Add(_clock.NowUs + inUs, new CoreEvent(CoreEventKind.Tick, node.Number, node.Incarnation));

    private void Deliver(int place)
    {
        ref readonly Message message = ref _messages[place];
        CoreNode node = _cluster[message.To];
        _trace.Add(((ulong)message.Kind << 56) ^ (message.Term << 32) ^ message.Log.Index);
        _trace.Add((message.Commit << 32) ^ (ulong)message.Entries.Length ^ (message.Reject ? 1UL << 63 : 0));
        _cluster.Deliver(message);
        if (_options.LoseWritesPerMille > 0 && message is { Kind: MessageKind.AppendResponse, Reject: false })
            MayLoseWrites(node, _cluster[message.From]);
        _messages.Free(place);
        if (node.IsUp)
            NoteLeader(node);
    }

    void ICoreClusterHost.OnSent(CoreNode from, in Message message)
    {
        int to = (int)message.To.Value - 1;
        (int copies, long first, long second) = _network.Send(from.Number, to);
        if (copies == 0 && _faulty && _random.Chance(20))
            _stations[from.Number].Unreachable = message.To; // the transport notices some of its losses
        if (copies >= 1)
            _events.Add(_clock.NowUs + first, new CoreEvent(CoreEventKind.Deliver, to, 0, _messages.Keep(message)));
        if (copies == 2)
            _events.Add(_clock.NowUs + second, new CoreEvent(CoreEventKind.Deliver, to, 0, _messages.Keep(message)));
    }

    void ICoreClusterHost.OnPersistQueued(CoreNode node)
    {
        if (!_stations[node.Number].IsSyncing)
            StartSync(node);
    }

    private void StartSync(CoreNode node)
    {
        int operations = _faulty ? Math.Min(node.Pending.Count, _options.GroupCommitMax) : node.Pending.Count;
        _stations[node.Number].IsSyncing = operations > 0;
        if (operations == 0)
            return;
        int us = !_faulty ? _options.SyncUsMin
            : _random.Chance(_options.SlowSyncPerMille) ? _random.Between(10_000, 1_000_000)
            : _random.Between(_options.SyncUsMin, _options.SyncUsMax);
        _events.Add(_clock.NowUs + us, new CoreEvent(CoreEventKind.Synced, node.Number, node.Incarnation, operations));
    }

    private void Synced(CoreNode node, int operations)
    {
        _cluster.CompletePersists(node, operations);
        StartSync(node);
        if (_faulty && _options.ReportDelayUsMax > 0)
        {
            _events.Add(_clock.NowUs + _random.Between(0, _options.ReportDelayUsMax), new CoreEvent(CoreEventKind.Report, node.Number, node.Incarnation));
            return;
        }

        _cluster.ReportPersisted(node, onlyLast: _random.Chance(500));
        NoteLeader(node);
    }

    void ICoreClusterHost.OnApplyQueued(CoreNode node) =>
        _events.Add(_clock.NowUs + _random.Between(0, _faulty ? _options.ApplyDelayUsMax : 0), new CoreEvent(CoreEventKind.Apply, node.Number, node.Incarnation));

    private void Apply(CoreNode node)
    {
        ulong before = node.Applied;
        _cluster.Apply(node);
        if (node.Applied == before)
            return;
        _trace.Add(node.Applied);
        if (_random.Chance(_options.SaveStatePerMille))
            CoreCluster.SaveState(node);
        if (_options.SnapshotEveryEntries == 0 || node.Applied < node.Durable.Snapshot.Index + (ulong)_options.SnapshotEveryEntries)
            return;
        CoreCluster.TakeSnapshot(node);
        _cluster.Compact(node, (ulong)_options.TrailingEntries);
    }

    void ICoreClusterHost.OnSnapshotNeeded(CoreNode leader, RaftId follower, SnapshotMeta snapshot)
    {
        var announcement = new Message
        {
            Kind = MessageKind.Snapshot,
            Group = leader.Config.Group,
            From = leader.Id,
            To = follower,
            Term = leader.Core!.Status.HardState.Term,
            Snapshot = snapshot,
        };
        long us = _random.Between(1_000, _faulty && _random.Chance(100) ? 3_000_000 : 100_000);
        _events.Add(_clock.NowUs + us, new CoreEvent(CoreEventKind.SnapshotArrives, (int)follower.Value - 1, 0, _messages.Keep(announcement)));
    }

    private void SnapshotArrives(int place)
    {
        Message announcement = _messages[place];
        CoreNode sender = _cluster[announcement.From];
        CoreNode receiver = _cluster[announcement.To];
        bool arrives = _network.IsOpen(sender.Number, receiver.Number) && !(_faulty && _random.Chance(150)) && _cluster.DeliverSnapshot(announcement);
        _messages.Free(place);
        long detail = (long)receiver.Id.Value | (arrives ? 1L << 32 : 0);
        _events.Add(_clock.NowUs + _random.Between(100, 20_000), new CoreEvent(CoreEventKind.SnapshotReported, sender.Number, sender.Incarnation, detail));
    }

    private void NoteLeader(CoreNode node)
    {
        ref Station station = ref _stations[node.Number];
        if (!station.Unreachable.IsNone)
        {
            RaftId peer = station.Unreachable;
            station.Unreachable = RaftId.None;
            _cluster.ReportUnreachable(node, peer);
        }

        ulong term = node.Seen.LeaderOfTerm;
        if (term <= _lastLeaderTerm)
            return;
        _lastLeaderTerm = term;
        _lastLeader = node.Number;
        _elections++;
        _trace.Add(term);
    }

    private struct Station
    {
        public bool IsSyncing;
        public long PausedUntilUs;
        public RaftId Unreachable;
    }
}
