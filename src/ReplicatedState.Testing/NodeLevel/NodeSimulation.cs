using System.Diagnostics;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// A run of whole nodes from one seed: the real node with its shards, storage worker, snapshots and formation, on virtual time; streams and disks that fail; clients
/// that know what they were told. The clients and their machine are a <see cref="NodeWorkload"/>, each kind of trouble a <see cref="NodeFault"/>; what becomes of the
/// nodes is in NodeSimulation.Stations.cs, the end in .Convergence.cs.
/// </summary>
public sealed partial class NodeSimulation
{
    private const int LookEveryUs = 20_000;
    private readonly EventQueue<NodeEvent> _events = new();
    private readonly NodeWorkload _workload;
    private readonly NodeInvariants _invariants = new();
    private TraceHash _trace;
    private long _eventsSeen;
    private bool _finished;

    private NodeSimulation(ulong seed, NodeSimulationOptions options, SeededRandom random, NodeWorkload workload, TextWriter? log)
    {
        Options = options;
        Random = random;
        _workload = workload;
        Log = log is null ? null : new SimulationLog(log, Clock);
        FaultSetting operators = options.Faults[FaultKind.Operators];
        int stations = options.Nodes + (operators.Value > 0 ? operators.Detail : 0);
        Network = new SimulatedNetwork(stations, options.Network, random.Fork());
        Streams = new SimulatedStreams(Clock, Network, random.Fork(), stations, (at, stream) => _events.Add(at, new NodeEvent(NodeEventKind.Stream, stream.Link.To) { Stream = stream }), options.Faults[FaultKind.CorruptedFrame].Value, Counts)
        {
            HasStopped = number => Stations![number].Node?.Failure is not null,
        };
        Stations = [.. Enumerable.Range(0, stations).Select(i =>
            new SimulatedStation(i, random.NextUInt64(), random.Between(-300, 300), NewClock(), new SlowCommands(options.SlowPerMille, options.SlowUsMax)) { Machines = workload.Machines })];
        foreach (NodeFault fault in _faults)
            fault.Attach(this, NodeFaultList.RandomOf(fault.Kind, seed, random));
        workload.Attach(this);
    }

    internal NodeSimulationOptions Options { get; }

    internal SeededRandom Random { get; }

    internal VirtualClock Clock { get; } = new();

    internal SimulatedNetwork Network { get; }

    internal SimulatedStreams Streams { get; }

    internal SimulatedStation[] Stations { get; }

    internal SimulationLog? Log { get; }

    /// <summary>The machines that every node hosts when the run begins.</summary>
    internal IReadOnlyList<MachineRegistration> OriginalMachines => _workload.Machines;

    /// <summary>The machines that nodes can be upgraded to; null where there are none.</summary>
    internal IReadOnlyList<MachineRegistration>? UpgradedMachines => _workload.UpgradedMachines;

    /// <summary>Whether a replica can be made to go wrong.</summary>
    internal bool CanGoWrong => _workload.CanGoWrong;

    /// <summary>From now on a version may be in effect that older binaries halt at.</summary>
    internal void ExpectVersion(int version) => _invariants.ExpectVersion(version);

    /// <summary>The node whose turn it is, or was last.</summary>
    internal int Acting { get; private set; }

    /// <summary>Runs a seed to its end, or to the first broken promise.</summary>
    /// <param name="seed">Stands for the whole run.</param>
    /// <param name="adjust">Changes the options that the seed draws.</param>
    /// <param name="log">Where the nodes write what an operator should know; null for nowhere.</param>
    public static SimulationResult Run(ulong seed, Func<NodeSimulationOptions, NodeSimulationOptions>? adjust = null, TextWriter? log = null) =>
        Run(seed, adjust, log, new RegisterWorkload());

    /// <summary>Runs a seed with clients and machines of one's own.</summary>
    internal static SimulationResult Run(ulong seed, Func<NodeSimulationOptions, NodeSimulationOptions>? adjust, TextWriter? log, NodeWorkload workload)
    {
        var random = new SeededRandom(seed);
        NodeSimulationOptions options = NodeSimulationOptions.Draw(random, seed);
        var simulation = new NodeSimulation(seed, adjust?.Invoke(options) ?? options, random, workload, log);
        string? violation = null;
        using (workload.EnterThread())
        {
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
        }

        foreach (SimulatedStation station in simulation.Stations)
            station.EndLife();
        return new SimulationResult(seed, violation, simulation._trace, simulation._eventsSeen, workload.Acknowledged, simulation.Stations.Sum(s => s.Incarnation))
        {
            Faults = simulation.Counts,
            HandOvers = simulation.Stations.Sum(s => s.HandOvers),
            SnapshotsInstalled = simulation.Stations.Sum(s => s.Installs),
            SlowCommandsAside = simulation.Stations.Sum(s => s.Slow.OnWorker),
            SlowCommandsOnShard = simulation.Stations.Sum(s => s.Slow.OnShard),
            OperationsChecked = workload.OperationsChecked,
            IsHistoryUndecided = workload.IsHistoryUndecided,
        };
    }

    /// <summary>Plans an event.</summary>
    internal void Plan(long atUs, in NodeEvent e) => _events.Add(atUs, e);

    /// <summary>Adds to the trace what an event alone doesn't show.</summary>
    internal void Trace(ulong value) => _trace.Add(value);

    private void RunToEnd()
    {
        foreach (SimulatedStation founder in Stations.Take(Options.Nodes))
            _events.Add(Random.Between(0, 2_000_000), new NodeEvent(NodeEventKind.Restart, founder.Number));
        _workload.Begin();
        foreach (NodeFault fault in _faults)
            fault.Begin();
        _events.Add(LookEveryUs, new NodeEvent(NodeEventKind.Look));
        while (!_finished && _events.TryTake(out long at, out NodeEvent next))
        {
            if (Postponed(at, next))
                continue;
            Clock.AdvanceTo(at);
            _eventsSeen++;
            _trace.Add((ulong)at);
            _trace.Add(((ulong)next.Code << 56) ^ ((ulong)next.Node << 48) ^ (ulong)next.Detail);
            if (_eventsSeen == Options.BreakAtEvent && Debugger.IsAttached)
                Debugger.Break();
            Handle(next);
            _workload.AfterEvent();
        }
    }

    private void Handle(NodeEvent e)
    {
        switch (e.Kind)
        {
            case NodeEventKind.Turn:
                Turn(Stations[e.Node], e);
                break;
            case NodeEventKind.Stream:
                _trace.Add((ulong)(e.Stream.Frame?.Length ?? 0));
                e.Stream.Happen();
                break;
            case NodeEventKind.Submit:
                Submit(Stations[e.Node], e.Request!);
                break;
            case NodeEventKind.ClientActs or NodeEventKind.Answer or NodeEventKind.Timeout or NodeEventKind.Callback:
                if (e.Kind == NodeEventKind.Answer && _doubleAnswer is not null)
                    throw new SimulationViolationException("I16", _doubleAnswer);
                _workload.Happen(e);
                break;
            case NodeEventKind.Restart:
                if (!Stations[e.Node].IsUp && !Stations[e.Node].Trouble.IsGone)
                    Start(Stations[e.Node]);
                break;
            case NodeEventKind.Exit:
                Exit(Stations[e.Node], e.Incarnation);
                break;
            case NodeEventKind.Look:
                Look();
                break;
            default:
                if (IsFaulty && e.Step == 0 && Clock.NowUs < CalmUntilUs)
                    _events.Add(CalmUntilUs + 1, e);
                else if (IsFaulty)
                    e.Fault!.Happen(e);
                break;
        }
    }

    private void Turn(SimulatedStation station, NodeEvent e)
    {
        if (e.Incarnation != station.Incarnation || !station.IsUp)
            return;
        Acting = station.Number;
        SimulatedScheduler scheduler = station.Scheduler!;
        bool isShard = IsShard(scheduler.NameOf(e.Detail));
        bool wasWrong = station.Slow.HasGoneWrong;
        long spentUs = station.Slow.During(isShard, () => scheduler.Run(e.Detail, byWish: e.Flag));
        if (isShard && spentUs > 0)
            station.PausedUntilUs = Math.Max(station.PausedUntilUs, Clock.NowUs + spentUs);
        if (station.Slow.HasGoneWrong && !wasWrong)
            OnWentWrong(station);
        Watch(station);
    }

    private static bool IsShard(string actor) => actor.StartsWith("shard", StringComparison.Ordinal);

    /// <summary>How long until an actor that was woken takes its turn; the storage worker's turn is a sync, and takes as long as one, an apply worker's a slow command.</summary>
    private int TurnDelay(SimulatedStation station, string actor) => actor switch
    {
        "storage" when Clock.NowUs < station.Trouble.SlowUntilUs => Random.Between(10_000, 500_000),
        "storage" => Random.Between(50, IsFaulty ? Options.SyncUsMax : 500),
        _ when IsShard(actor) => Random.Between(1, 50),
        _ when actor.StartsWith("apply", StringComparison.Ordinal) => Random.Between(1, IsFaulty && Random.Chance(200) ? Options.SlowUsMax : 1_000),
        _ => Random.Between(1, 1_000),
    };

    private StationClock NewClock()
    {
        int driftMax = Options.Faults[FaultKind.ClockDrift].Value;
        int drift = Random.Between(-driftMax, driftMax);
        if (drift != 0)
            Counts.Add(SimulatedFault.ClockDrift);
        return new StationClock(Clock, drift);
    }

    private void Look()
    {
        foreach (SimulatedStation station in Stations)
        {
            if (station.Node is not { } node)
                continue;
            Watch(station);
            if (!station.IsUp || station.Trouble.IsStopping)
                continue; // has stopped itself, for a good reason
            NodeStatus status = node.Status;
            NoticeSpace(station, status);
            WatchWrongState(station, status);
            _invariants.Look(station.Number, status, station.Slow.HasGoneWrong);
        }

        if (Clock.NowUs >= Options.FaultyUs)
            Converge();
        _events.Add(Clock.NowUs + LookEveryUs, new NodeEvent(NodeEventKind.Look));
    }
}
