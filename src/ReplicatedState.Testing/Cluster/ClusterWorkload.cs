using System.Buffers;
using System.Globalization;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Testing.NodeLevel;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Cluster;

/// <summary>A user's machine and a user's clients as the workload of a simulation of whole nodes.</summary>
internal sealed class ClusterWorkload(ClusterPlan plan) : NodeWorkload
{
    private readonly CallLedger _ledger = new(plan.Definition);
    private ClusterClient[] _clients = [];
    private SimulationContext? _context;
    private SimulationViolationException? _broken;
    private bool _clientsRest;

    public override IReadOnlyList<MachineRegistration> Machines { get; } = [new(plan.Definition.Manifest.Name, plan.Watched)];

    public override IReadOnlyList<MachineRegistration>? UpgradedMachines { get; } = plan.WatchedNext is null ? null : [new(plan.Definition.Manifest.Name, plan.WatchedNext)];

    public override ulong Acknowledged => (ulong)_ledger.Acknowledged;

    public override int OperationsChecked => _ledger.Checked;

    public override bool IsHistoryUndecided => false;

    /// <summary>What all clients saw.</summary>
    public CallLedger Ledger => _ledger;

    /// <summary>What users' code threw that ended the run; null where it didn't.</summary>
    public Exception? Cause { get; private set; }

    public long NowUs => Simulation.Clock.NowUs;

    /// <summary>False where a test wants to see that commands are executed twice without.</summary>
    public bool UsesSessions => Simulation.Options.UseSessions;

    public override void Attach(NodeSimulation simulation)
    {
        base.Attach(simulation);
        _clients = [.. plan.Clients.Select((client, i) => new ClusterClient(this, i + 1, simulation.Options.Nodes, simulation.Random.Fork(), client))];
    }

    public override IDisposable EnterThread()
    {
        _context = new SimulationContext(this);
        return CurrentRun.Enter(this);
    }

    public override void Begin()
    {
        foreach (ClusterClient client in _clients)
            PlanCallback(client.Random.Between(0, 1_000_000), () => Act(client));
        foreach (ScriptedStep step in plan.Faults.Steps)
            PlanCallback((long)step.At.TotalMicroseconds, () => step.Do(Simulation));
    }

    public override void Happen(in NodeEvent e) => e.Callback!();

    /// <summary>Nothing of users' code may wait for what the simulation doesn't know of: it would go on at another time in every run.</summary>
    public override void AfterEvent()
    {
        _context!.Drain();
        foreach (ClusterClient client in _clients)
        {
            if (client.IsBusy && client.Calls == 0 && client.Time.Active == 0)
                OnLeft($"{client.Name} awaits something that is neither a call nor a delay of its SimulatedCall");
        }

        if (_broken is not null)
            throw _broken;
    }

    public override void OnFaultsOver()
    {
        foreach (ClusterClient client in _clients)
            client.IsDoneAfterFaults = false;
    }

    public override bool AreClientsDone()
    {
        _clientsRest = _clientsRest || _clients.All(c => c.IsDoneAfterFaults);
        return _clientsRest && !_clients.Any(c => c.IsBusy);
    }

    public override void CheckReplica(SimulatedStation station)
    {
        // Every replica's state was seen behind every command; that the states are equal now the simulation compares by their hashes.
    }

    public override void CheckHistory() => _ledger.Check();

    public override string Describe() => string.Join(", ", _clients.Select(c => string.Create(
        CultureInfo.InvariantCulture, $"{c.Name} {(c.IsBusy ? $"is busy since {c.BegunUs / 1_000_000.0:F3} s with {c.Calls} calls" : "thinks")}")));

    public void PlanCallback(long afterUs, Action callback) =>
        Simulation.Plan(Simulation.Clock.NowUs + afterUs, new NodeEvent(NodeEventKind.Callback) { Callback = callback });

    public void Send(SimulatedRequest request, int node, long afterUs) => Simulation.Send(request, node, afterUs);

    public void OnAnswered(SimulatedRequest request) => Simulation.OnAnswered(request);

    /// <summary>A replica has executed a command. Called within a node's turn, so what is wrong is said after it.</summary>
    public void OnExecuted(in CommandStamp stamp, CallName caller, in ReadOnlySequence<byte> command, RecordedReply reply, IStateMachine machine)
    {
        if (_ledger.OnExecuted(stamp, caller, command, reply) is { } contradiction)
            Break("determinism", contradiction);
        CheckInvariants(machine, stamp.Index);
    }

    /// <summary>A replica takes its state to a version.</summary>
    public void OnMigrated(in CommandStamp stamp, int version)
    {
        if (_ledger.OnMigrated(stamp, version) is { } contradiction)
            Break("determinism", contradiction);
    }

    /// <summary>A replica has read a snapshot.</summary>
    public void OnRestored(IStateMachine machine) => CheckInvariants(machine, index: null);

    public UserCall OnCalled(ClusterClient client, byte[] payload, bool isQuery, bool inPages, ReadConsistency consistency, object session, string? key)
    {
        TraceBytes(payload);
        var call = new UserCall(new CallName(client.Name, client.Number, ++client.Serial), payload, isQuery, inPages, consistency, session, key, NowUs);
        _ledger.Add(call);
        Simulation.Log?.Note(null, $"{call.Name} calls {CallText.OfCall(plan.Definition.Manifest, payload)}{(consistency == ReadConsistency.Linearizable ? "" : $" at {consistency}")}");
        return call;
    }

    public void OnReturned(UserCall call, Exception? error)
    {
        call.End(error, NowUs);
        Simulation.Trace(call.Index);
        if (call.Reply is { } reply)
            TraceBytes(reply.Body.Span);
        Simulation.Log?.Note(null, $"{call.Name} gets {call.Reply?.ToString() ?? $"{error!.GetType().Name}: {error.Message}"}");
    }

    /// <summary>Whether the caller is on the thread of the run.</summary>
    public bool IsOnThread => _context!.IsOnThread;

    /// <summary>A user's token was cancelled.</summary>
    public void OnCancelled(Action cancel)
    {
        if (_context!.IsOnThread)
            PlanCallback(0, cancel);
        else
            OnLeft("a token was cancelled by another thread");
    }

    /// <summary>A call may only be made by users' code that is where it belongs.</summary>
    /// <exception cref="InvalidOperationException">It has left the run.</exception>
    public void CheckInside(ClusterClient client)
    {
        if (_context!.IsOnThread && ReferenceEquals(SynchronizationContext.Current, _context))
            return;
        string how = _context.IsOnThread ? "it calls without the run's context, as after ConfigureAwait(false)" : "it calls from another thread, as after Task.Run";
        OnLeft($"{client.Name}: {how}");
        throw new InvalidOperationException($"The code of {client.Name} has left the simulation: {how}.");
    }

    /// <exception cref="InvalidOperationException">The caller is on another thread.</exception>
    public void CheckThread()
    {
        if (_context!.IsOnThread)
            return;
        OnLeft("it waits for simulated time on another thread");
        throw new InvalidOperationException("Simulated time passes on the thread of the run only.");
    }

    /// <summary>Users' code isn't under the run's control any more. Any thread.</summary>
    public void OnLeft(string how) => Break(
        "simulation",
        $"a client's code has left the simulation, so that it could not be the same in every run: {how}. In a simulated client await only calls of the typed client and SimulatedCall.DelayAsync; "
        + "no ConfigureAwait(false), no Task.Run, no .Result, no Task.Delay without SimulatedCall.Time");

    private void Break(string what, string sentence, Exception? cause = null)
    {
        if (Interlocked.CompareExchange(ref _broken, new SimulationViolationException(what, sentence), null) is null)
            Cause = cause;
    }

    private void Act(ClusterClient client)
    {
        if (_clientsRest || client.IsBusy)
            return;
        client.IsBusy = true;
        client.BegunUs = NowUs;
        _context!.Run(() => _ = RunAsync(client));
    }

    /// <summary>Runs the user's code once. Never fails: what it throws ends the run, unless it is a refusal, which happens to every client of a cluster in trouble.</summary>
    private async Task RunAsync(ClusterClient client)
    {
        bool good = false;
        try
        {
            await client.Plan.Act(client.Channel, new SimulatedCall(client.Number, client.Done + 1, client.Random, client.Time));
            good = true;
        }
        catch (CommandRejectedException)
        {
            good = true; // the machine's own answer, and so a replicated one
        }
        catch (ConsensusException e)
        {
            Simulation.Log?.Note(null, $"{client.Name} gives up: {e.Message}");
        }
        catch (Exception e)
        {
            Break("client", $"the code of {client.Name} threw {e.GetType()}: {e.Message}", e);
        }

        client.IsBusy = false;
        client.Done++;
        client.IsDoneAfterFaults |= good && !Simulation.IsFaulty && client.BegunUs >= Simulation.Options.FaultyUs;
        PlanCallback(client.Random.Between(1, 2 * Simulation.Options.ThinkUs), () => Act(client));
    }

    private void CheckInvariants(IStateMachine machine, ulong? index)
    {
        foreach ((string name, Func<IStateMachine, bool> holds) in plan.Invariants)
        {
            string? wrong = null;
            try
            {
                wrong = holds(machine) ? null : "doesn't hold";
            }
            catch (Exception e)
            {
                wrong = $"threw {e.GetType()}: {e.Message}";
            }

            if (wrong is not null)
                Break("invariant", $"'{name}' {wrong} on {SimulatedStation.NameOf(Simulation.Acting)} {(index is { } at ? $"after {_ledger.Describe(at)}" : "when it was restored from a snapshot")}");
        }
    }

    private void TraceBytes(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        foreach (byte b in bytes)
            hash = (hash * 0x100000001B3) ^ b;
        Simulation.Trace(hash);
    }
}

/// <summary>What a user asked to be simulated.</summary>
/// <param name="Definition">The machine, in the version that it is upgraded to where it is.</param>
/// <param name="Watched">The machine that nodes begin with, with the run looking on.</param>
/// <param name="WatchedNext">The one that they are upgraded to; null where there is none.</param>
/// <param name="Clients">The clients.</param>
/// <param name="Invariants">What must hold of every state of every replica.</param>
/// <param name="Faults">What goes wrong.</param>
internal sealed record ClusterPlan(
    StateMachineDefinition Definition,
    StateMachineDefinition Watched,
    StateMachineDefinition? WatchedNext,
    IReadOnlyList<ClientPlan> Clients,
    IReadOnlyList<(string Name, Func<IStateMachine, bool> Holds)> Invariants,
    Faults Faults);
