using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// What a simulation of whole nodes is about: the machines that the nodes host, the clients that call them, and what must hold of the calls and of the machines' states.
/// Everything else, the nodes and their troubles, is the same for all workloads.
/// </summary>
/// <remarks>One run's own. What it draws it draws from the run's randomness, and what it plans are events of the run.</remarks>
internal abstract class NodeWorkload
{
    private NodeSimulation? _simulation;

    /// <summary>The machines that every node hosts when the run begins.</summary>
    public abstract IReadOnlyList<MachineRegistration> Machines { get; }

    /// <summary>The same machines in their next version, which nodes can be upgraded to; null where there is none.</summary>
    public virtual IReadOnlyList<MachineRegistration>? UpgradedMachines => null;

    /// <summary>Whether its machines execute a command wrongly where <see cref="SlowCommands.WrongCommands"/> says so.</summary>
    public virtual bool CanGoWrong => false;

    /// <summary>Commands that were acknowledged.</summary>
    public abstract ulong Acknowledged { get; }

    /// <summary>Operations whose history was checked.</summary>
    public abstract int OperationsChecked { get; }

    /// <summary>True where the search for an order of the history was given up.</summary>
    public abstract bool IsHistoryUndecided { get; }

    protected NodeSimulation Simulation => _simulation!;

    /// <summary>It belongs to this run now: makes its clients. The nodes aren't started yet.</summary>
    public virtual void Attach(NodeSimulation simulation) => _simulation = simulation;

    /// <summary>The run begins on this thread: whatever is bound to a thread is bound now, until what is returned is disposed.</summary>
    public abstract IDisposable EnterThread();

    /// <summary>Plans the clients' first actions.</summary>
    public abstract void Begin();

    /// <summary>An event for a client: it acts, gets an answer, or has waited long enough.</summary>
    public abstract void Happen(in NodeEvent e);

    /// <summary>An event, of whatever kind, has happened.</summary>
    /// <exception cref="SimulationViolationException">Something was noticed within a node's turn, where nothing may be thrown.</exception>
    public virtual void AfterEvent()
    {
    }

    /// <summary>The faults are over: from now on every client gets its work done again.</summary>
    public abstract void OnFaultsOver();

    /// <summary>Whether every client has got something done that it began after the faults, and now rests. Once it was true, no client begins anything any more.</summary>
    public abstract bool AreClientsDone();

    /// <summary>Looks at a replica when all have executed everything.</summary>
    /// <exception cref="SimulationViolationException">Its state isn't what the clients were told.</exception>
    public abstract void CheckReplica(SimulatedStation station);

    /// <summary>Checks what all clients saw, at the end.</summary>
    /// <exception cref="SimulationViolationException">A promise was broken, or that could not be decided.</exception>
    public abstract void CheckHistory();

    /// <summary>What the clients are doing, for the sentence that says why a run doesn't end.</summary>
    public abstract string Describe();
}
