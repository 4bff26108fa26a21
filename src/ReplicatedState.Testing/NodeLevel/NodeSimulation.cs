using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// A run of whole nodes from one seed: the real node with its shards, storage worker, snapshots and formation, on virtual time; streams and disks that fail; clients
/// with sessions that know what they were told. Faults are in NodeSimulation.Faults.cs, clients in .Clients.cs, the end in .Convergence.cs.
/// </summary>
public sealed partial class NodeSimulation
{
    private const int LookEveryUs = 20_000;
    private readonly NodeSimulationOptions _options;
    private readonly SeededRandom _random;
    private readonly VirtualClock _clock = new();
    private readonly EventQueue<NodeEvent> _events = new();
    private readonly SimulatedNetwork _network;
    private readonly SimulatedStreams _streams;
    private readonly SimulatedStation[] _stations;
    private readonly NodeInvariants _invariants = new();
    private readonly SimulationLog? _log;
    private TraceHash _trace;
    private long _eventsSeen;
    private bool _faulty = true;
    private bool _finished;

    private NodeSimulation(NodeSimulationOptions options, SeededRandom random, TextWriter? log)
    {
        _options = options;
        _random = random;
        _log = log is null ? null : new SimulationLog(log, _clock);
        _network = new SimulatedNetwork(options.Nodes, options.Network, random.Fork());
        _streams = new SimulatedStreams(_clock, _network, random.Fork(), options.Nodes, (at, stream) => _events.Add(at, new NodeEvent(NodeEventKind.Stream, stream.Link.To) { Stream = stream }), options.Faults.CorruptedPerMillion, _counts)
        {
            HasStopped = number => _stations![number].Node?.Failure is not null,
        };
        _stations = [.. Enumerable.Range(0, options.Nodes).Select(i =>
            new SimulatedStation(i, random.NextUInt64(), random.Between(-300, 300), NewClock(), new SlowCommands(options.SlowPerMille, options.SlowUsMax)))];
        _clients = [.. Enumerable.Range(1, options.Clients).Select(i => new SimulatedClient((ulong)i, random.Fork(), options.Nodes, options.UseSessions))];
        _history = new NodeHistory(options.Clients);
    }

    /// <summary>Runs a seed to its end, or to the first broken promise.</summary>
    /// <param name="seed">Stands for the whole run.</param>
    /// <param name="adjust">Changes the options that the seed draws.</param>
    /// <param name="log">Where the nodes write what an operator should know; null for nowhere.</param>
    public static SimulationResult Run(ulong seed, Func<NodeSimulationOptions, NodeSimulationOptions>? adjust = null, TextWriter? log = null)
    {
        var random = new SeededRandom(seed);
        NodeSimulationOptions options = NodeSimulationOptions.Draw(random);
        var simulation = new NodeSimulation(adjust?.Invoke(options) ?? options, random, log);
        string? violation = null;
        RegisterMachine.RecordInto(simulation._history);
        try
        {
            simulation.RunToEnd();
        }
        catch (SimulationViolationException e)
        {
            violation = e.Message;
        }
        catch (Exception e) when (e is InvariantViolationException or LogReadException or StorageFailedException)
        {
            violation = $"node: {e.Message}";
        }
        finally
        {
            RegisterMachine.RecordInto(null);
        }

        foreach (SimulatedStation station in simulation._stations)
            station.EndLife();
        return new SimulationResult(
            seed, violation, simulation._trace, simulation._eventsSeen, (ulong)simulation._clients.Sum(c => c.Done), simulation._stations.Sum(s => s.Incarnation))
        {
            Faults = simulation._counts,
            HandOvers = simulation._stations.Sum(s => s.HandOvers),
            SnapshotsInstalled = simulation._stations.Sum(s => s.Installs),
            SlowCommandsAside = simulation._stations.Sum(s => s.Slow.OnWorker),
            SlowCommandsOnShard = simulation._stations.Sum(s => s.Slow.OnShard),
            OperationsChecked = simulation._history.Checked,
            IsHistoryUndecided = simulation._history.IsUndecided,
        };
    }

    private void RunToEnd()
    {
        foreach (SimulatedStation station in _stations)
            _events.Add(_random.Between(0, 2_000_000), new NodeEvent(NodeEventKind.Restart, station.Number));
        for (int i = 0; i < _clients.Length; i++)
            _events.Add(_random.Between(0, 1_000_000), new NodeEvent(NodeEventKind.ClientActs, 0, 0, i));
        PlanFaults();
        _events.Add(LookEveryUs, new NodeEvent(NodeEventKind.Look));
        while (!_finished && _events.TryTake(out long at, out NodeEvent next))
        {
            if (Postponed(at, next))
                continue;
            _clock.AdvanceTo(at);
            _eventsSeen++;
            _trace.Add((ulong)at);
            _trace.Add(((ulong)next.Kind << 56) ^ ((ulong)next.Node << 48) ^ (ulong)next.Detail);
            Handle(next);
        }
    }

    private void Handle(NodeEvent e)
    {
        switch (e.Kind)
        {
            case NodeEventKind.Turn:
                Turn(_stations[e.Node], e);
                break;
            case NodeEventKind.Stream:
                _trace.Add((ulong)(e.Stream.Frame?.Length ?? 0));
                e.Stream.Happen();
                break;
            case NodeEventKind.ClientActs:
                Act(e.Detail);
                break;
            case NodeEventKind.Submit:
                Submit(_stations[e.Node], e.Request!);
                break;
            case NodeEventKind.Answer:
                OnAnswer(e.Detail, e.Request!);
                break;
            case NodeEventKind.Timeout:
                OnTimeout(e.Detail, e.Request!);
                break;
            case NodeEventKind.Look:
                Look();
                break;
            default:
                Fail(e);
                break;
        }
    }

    private void Turn(SimulatedStation station, NodeEvent e)
    {
        if (e.Incarnation != station.Incarnation || !station.IsUp)
            return;
        SimulatedScheduler scheduler = station.Scheduler!;
        bool isShard = IsShard(scheduler.NameOf(e.Detail));
        long spentUs = station.Slow.During(isShard, () => scheduler.Run(e.Detail, byWish: e.Flag));
        if (isShard && spentUs > 0)
            station.PausedUntilUs = Math.Max(station.PausedUntilUs, _clock.NowUs + spentUs);
        Watch(station);
    }

    private void Start(SimulatedStation station)
    {
        int incarnation = station.BeginLife();
        SimulatedScheduler? scheduler = null;
        scheduler = new SimulatedScheduler(station.Clock, (actor, atMs, byWish) =>
        {
            long atUs = byWish ? Math.Max(_clock.NowUs, station.Clock.TrueUsAt(atMs)) : _clock.NowUs + TurnDelay(station, scheduler!.NameOf(actor));
            _events.Add(atUs, new NodeEvent(NodeEventKind.Turn, station.Number, incarnation, actor, byWish));
        });
        try
        {
            station.Start(_options, scheduler, _streams.NewTransport(station.Number), _random.Fork(), _log?.For(station.Number));
            station.Trouble.Damage = null; // it lay where nothing stands any more
        }
        catch (StorageFailedException) when (station.Disk.IsOff)
        {
            _counts.Add(SimulatedFault.PowerCutInOperation);
            Crash(station); // the power went again while it started
        }
        catch (StorageFailedException refusal)
        {
            OnRefused(station, refusal);
        }
    }

    private static bool IsShard(string actor) => actor.StartsWith("shard", StringComparison.Ordinal);

    /// <summary>How long until an actor that was woken takes its turn; the storage worker's turn is a sync, and takes as long as one, an apply worker's a slow command.</summary>
    private int TurnDelay(SimulatedStation station, string actor) => actor switch
    {
        "storage" when _clock.NowUs < station.Trouble.SlowUntilUs => _random.Between(10_000, 500_000),
        "storage" => _random.Between(50, _faulty ? _options.SyncUsMax : 500),
        _ when IsShard(actor) => _random.Between(1, 50),
        _ when actor.StartsWith("apply", StringComparison.Ordinal) => _random.Between(1, _faulty && _random.Chance(200) ? _options.SlowUsMax : 1_000),
        _ => _random.Between(1, 1_000),
    };

    private StationClock NewClock()
    {
        int drift = _random.Between(-_options.Faults.ClockDriftMax, _options.Faults.ClockDriftMax);
        if (drift != 0)
            _counts.Add(SimulatedFault.ClockDrift);
        return new StationClock(_clock, drift);
    }

    private void Look()
    {
        foreach (SimulatedStation station in _stations)
        {
            if (station.Node is not { } node)
                continue;
            Watch(station);
            if (!station.IsUp || station.Trouble.IsStopping)
                continue; // has stopped itself, for a good reason
            NodeStatus status = node.Status;
            NoticeSpace(station, status);
            _invariants.Look(station.Number, status);
        }

        if (_clock.NowUs >= _options.FaultyUs)
            Converge();
        _events.Add(_clock.NowUs + LookEveryUs, new NodeEvent(NodeEventKind.Look));
    }
}
