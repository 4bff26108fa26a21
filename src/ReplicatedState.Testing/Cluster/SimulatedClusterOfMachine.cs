using System.Globalization;
using ReplicatedState.Testing.Cluster;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Testing;

/// <summary>A cluster to be simulated. Say what it is and what must hold of it, then run seeds.</summary>
/// <remarks>
/// In every run it is checked, without being asked for: that no command that was acknowledged is lost, executed twice, or executed although it was refused; that every answer is the one
/// that the log, executed once more on a single machine, gives; that calls take effect between their beginning and their end; that all replicas give the same answers and have the same
/// state; that the cluster does its work again when the faults are over. Not safe for concurrent use, but a run doesn't use it any more once it was begun.
/// </remarks>
/// <typeparam name="TMachine">The class with <see cref="ReplicatedStateMachineAttribute"/>.</typeparam>
public sealed class SimulatedCluster<TMachine>
    where TMachine : class, IReplicatedStateMachine<TMachine>
{
    private const int LogLinesInMessage = 40;
    private const int StackBytes = 16 * 1024 * 1024; // asynchronous code that finds too little stack goes on in the thread pool
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);
    private readonly List<ClientPlan> _clients = [];
    private readonly List<(string Name, Func<IStateMachine, bool> Holds)> _invariants = [];
    private NextVersion? _next;
    private int _nodes = 3;
    private Faults _faults = ReplicatedState.Testing.Faults.None;
    private TimeSpan _duration = TimeSpan.FromSeconds(20);

    internal SimulatedCluster()
    {
    }

    /// <summary>Changes what nobody should have to change, to see what happens then.</summary>
    internal Func<NodeSimulationOptions, NodeSimulationOptions> Plant { get; set; } = static options => options;

    /// <summary>How many nodes there are.</summary>
    /// <param name="count">1 to 9.</param>
    public SimulatedCluster<TMachine> Nodes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 9);
        _nodes = count;
        return this;
    }

    /// <summary>What goes wrong.</summary>
    public SimulatedCluster<TMachine> Faults(Faults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        _faults = faults;
        return this;
    }

    /// <summary>
    /// Has every run upgrade its nodes to the next version of the machine while the clients call: one after the other gets the new binary, some the old one again, and when all have had it the version takes effect. Until
    /// then the new binary must do what the old one does, answer for answer; the checks of every run compare that too.
    /// </summary>
    /// <remarks>
    /// How fast, the seed draws; <see cref="ClusterRun.Faults"/> says how far it came, for an upgrade that faults have held up may rest half done. Other orders of operators and restored backups
    /// (<see cref="FaultKind.Operators"/>, <see cref="FaultKind.RestoredBackup"/>) are left out of such runs. Say this before clients of the next version are added: those that use what is new must expect
    /// <see cref="UnknownCommandException"/>, and of old binaries <see cref="InvalidCommandException"/> for an argument too many, as long as it isn't in effect: perhaps to the end of the run.
    /// </remarks>
    /// <typeparam name="TNext">The same machine in a later source: of the same name, and of a higher version.</typeparam>
    /// <exception cref="ArgumentException">It is another machine, or of no higher version.</exception>
    public SimulatedCluster<TMachine> UpgradeTo<TNext>()
        where TNext : class, IReplicatedStateMachine<TNext>
    {
        StateMachineManifest old = TMachine.Manifest, next = TNext.Manifest;
        if (next.Name != old.Name || next.Version <= old.Version)
            throw new ArgumentException($"'{next.Name}' of version {next.Version} isn't a later version of '{old.Name}' of version {old.Version}.", nameof(TNext));
        _next = new NextVersion(StateMachineDefinition.Of<TNext>(), StateMachineDefinition.Of<WatchedMachine<TNext>>());
        return this;
    }

    /// <summary>For how long, in simulated time, clients call and things go wrong; then all become whole again. 20 s where it isn't said.</summary>
    /// <param name="time">At least a second.</param>
    public SimulatedCluster<TMachine> Duration(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromSeconds(1));
        _duration = time;
        return this;
    }

    /// <summary>Adds clients, each with the machine's typed client and a session of its own, that do the same again and again, with pauses that the seed draws.</summary>
    /// <param name="count">How many.</param>
    /// <param name="act">
    /// What a client does; one call or several, one after another or together. A refusal that ends it is in order, whatever else it throws ends the run: assertions belong
    /// here. It may use only what <see cref="SimulatedCall"/> offers of time and randomness.
    /// </param>
    /// <typeparam name="TClient">The machine's generated client interface, or that of the version that it is upgraded to.</typeparam>
    /// <exception cref="ArgumentException">The machine has another client interface.</exception>
    public SimulatedCluster<TMachine> Clients<TClient>(int count, Func<TClient, SimulatedCall, Task> act)
        where TClient : class
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(act);
        Func<IStateMachineChannel, object> create =
            typeof(TClient).IsAssignableFrom(TMachine.ClientType) ? TMachine.CreateClient
            : _next is { Definition: { } next } && typeof(TClient).IsAssignableFrom(next.ClientType) ? next.CreateClient
            : throw new ArgumentException($"The client of '{TMachine.Manifest.Name}' is {TMachine.ClientType}{(_next is null ? "" : $" or {_next.Definition.ClientType}")}, not {typeof(TClient)}.", nameof(act));
        for (int i = 0; i < count; i++)
            _clients.Add(new ClientPlan((channel, call) => act((TClient)create(channel), call)));
        return this;
    }

    /// <summary>What must hold of the state of every replica, after every command and every restored snapshot.</summary>
    /// <param name="name">What the message of a failed run calls it.</param>
    /// <param name="holds">Looks at a machine and changes nothing. Where it throws, the invariant doesn't hold.</param>
    public SimulatedCluster<TMachine> Invariant(string name, Func<TMachine, bool> holds) => Invariant<TMachine>(name, holds);

    /// <summary>The same for the replicas that run one version of the machine, where it is upgraded.</summary>
    /// <param name="name">What the message of a failed run calls it.</param>
    /// <param name="holds">Looks at a machine and changes nothing. Where it throws, the invariant doesn't hold.</param>
    /// <typeparam name="TVersion">The cluster's machine, or the one that it is upgraded to.</typeparam>
    public SimulatedCluster<TMachine> Invariant<TVersion>(string name, Func<TVersion, bool> holds)
        where TVersion : class, IReplicatedStateMachine<TVersion>
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(holds);
        _invariants.Add((name, machine => machine is not TVersion version || holds(version)));
        return this;
    }

    /// <summary>Runs one seed on a thread of its own.</summary>
    /// <exception cref="SimulationFailedException">A promise was broken.</exception>
    public Task<ClusterRun> RunAsync(ulong seed, RunOptions? options = null)
    {
        ClusterPlan plan = Plan();
        var end = new TaskCompletionSource<ClusterRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        OnThread($"seed {seed}", () =>
        {
            try
            {
                end.SetResult(Run(plan, seed, options ?? new RunOptions()));
            }
            catch (Exception e)
            {
                end.SetException(e);
            }
        });
        return end.Task;
    }

    /// <summary>Runs several seeds. The first of them that breaks a promise, in their order, ends it.</summary>
    /// <exception cref="SimulationFailedException">A promise was broken.</exception>
    public async Task<IReadOnlyList<ClusterRun>> RunAsync(IEnumerable<ulong> seeds, RunOptions? options = null)
    {
        options ??= new RunOptions();
        var runs = new List<ClusterRun>();
        var underWay = new Queue<Task<ClusterRun>>();
        long begun = TimeProvider.System.GetTimestamp();
        TimeSpan nextProgress = ProgressEvery;
        try
        {
            foreach (ulong seed in seeds)
            {
                if (underWay.Count >= Math.Max(1, options.Threads))
                    await TakeFirstAsync().ConfigureAwait(false);
                underWay.Enqueue(RunAsync(seed, options));
            }

            while (underWay.Count > 0)
                await TakeFirstAsync().ConfigureAwait(false);
            return runs;
        }
        finally
        {
            // After a failure the later seeds are of no interest, but nothing of them goes on behind the caller's back.
            await ((Task)Task.WhenAll(underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task TakeFirstAsync()
        {
            runs.Add(await underWay.Dequeue().ConfigureAwait(false));
            if (options.Progress is not { } progress || TimeProvider.System.GetElapsedTime(begun) is var elapsed && elapsed < nextProgress)
                return;
            nextProgress = elapsed + ProgressEvery;
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"… {runs.Count} seeds, {runs.Count / elapsed.TotalSeconds:F1} a second, {runs.Sum(r => r.Answered)} calls answered")).ConfigureAwait(false);
        }
    }

    private static void OnThread(string name, Action work) => new Thread(() => work(), StackBytes) { Name = name, IsBackground = true }.Start();

    private ClusterPlan Plan()
    {
        if (_clients.Count == 0)
            throw new InvalidOperationException("The cluster has no clients, so nothing would happen: add some with Clients.");
        if (_faults.Steps.FirstOrDefault(s => s.HighestNode > _nodes) is { } step)
            throw new InvalidOperationException($"The script names node {step.HighestNode}, and there are {_nodes}.");
        return new ClusterPlan(_next?.Definition ?? StateMachineDefinition.Of<TMachine>(), StateMachineDefinition.Of<WatchedMachine<TMachine>>(), _next?.Watched, [.. _clients], [.. _invariants], _faults);
    }

    private ClusterRun Run(ClusterPlan plan, ulong seed, RunOptions options)
    {
        (SimulationResult result, ClusterWorkload workload) = Simulate(plan, seed, options, options.Log);
        if (result.Violation is null)
        {
            return new ClusterRun(seed, result.Trace, result.Events, workload.Ledger.Calls, workload.Ledger.Acknowledged, workload.Ledger.Refused, result.Faults!);
        }

        // What led there is told by the same run once more: writing it all down costs too much for runs in which all holds.
        var last = new LastLines(LogLinesInMessage);
        (SimulationResult again, _) = Simulate(plan, seed, new RunOptions(), last);
        string lines = again.Trace == result.Trace ? last.ToString() : $"{last}{Environment.NewLine}(these lines are of a second run, which was another one: something in the machine or the clients isn't the same in every run)";
        throw new SimulationFailedException(seed, result.Violation, result.Events, lines, workload.Cause);
    }

    private (SimulationResult Result, ClusterWorkload Workload) Simulate(ClusterPlan plan, ulong seed, RunOptions options, TextWriter? log)
    {
        var workload = new ClusterWorkload(plan);
        NodeSimulationOptions Adjust(NodeSimulationOptions drawn) => Plant(drawn with
        {
            Nodes = _nodes,
            FaultyUs = (long)_duration.TotalMicroseconds,
            Clients = plan.Clients.Count,
            Faults = plan.WatchedNext is null ? plan.Faults.Of(drawn.Faults, seed) : plan.Faults.WithUpgrade(drawn.Faults, seed),
            Network = plan.Faults.HasRandom ? drawn.Network : drawn.Network with { LatePerMille = 0 },
            BreakAtEvent = options.BreakAtEvent,
        });
        return (NodeSimulation.Run(seed, Adjust, log, workload), workload);
    }

    /// <summary>The version that nodes are upgraded to.</summary>
    private sealed record NextVersion(StateMachineDefinition Definition, StateMachineDefinition Watched);
}
