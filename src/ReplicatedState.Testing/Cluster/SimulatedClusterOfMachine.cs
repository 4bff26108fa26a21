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
    /// <typeparam name="TClient">The machine's generated client interface.</typeparam>
    /// <exception cref="ArgumentException">The machine has another client interface.</exception>
    public SimulatedCluster<TMachine> Clients<TClient>(int count, Func<TClient, SimulatedCall, Task> act)
        where TClient : class
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(act);
        if (!typeof(TClient).IsAssignableFrom(TMachine.ClientType))
            throw new ArgumentException($"The client of '{TMachine.Manifest.Name}' is {TMachine.ClientType}, not {typeof(TClient)}.", nameof(act));
        for (int i = 0; i < count; i++)
            _clients.Add(new ClientPlan((channel, call) => act((TClient)TMachine.CreateClient(channel), call)));
        return this;
    }

    /// <summary>What must hold of the state of every replica, after every command and every restored snapshot.</summary>
    /// <param name="name">What the message of a failed run calls it.</param>
    /// <param name="holds">Looks at a machine and changes nothing. Where it throws, the invariant doesn't hold.</param>
    public SimulatedCluster<TMachine> Invariant(string name, Func<TMachine, bool> holds)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(holds);
        _invariants.Add((name, machine => holds((TMachine)machine)));
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
        return new ClusterPlan(StateMachineDefinition.Of<TMachine>(), StateMachineDefinition.Of<WatchedMachine<TMachine>>(), [.. _clients], [.. _invariants], _faults);
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
            Faults = plan.Faults.Of(drawn.Faults, seed),
            Network = plan.Faults.HasRandom ? drawn.Network : drawn.Network with { LatePerMille = 0 },
            BreakAtEvent = options.BreakAtEvent,
        });
        return (NodeSimulation.Run(seed, Adjust, log, workload), workload);
    }
}
