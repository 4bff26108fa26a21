namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// One kind of trouble in one run: how a seed draws it, when it strikes, what it does and counts, how it ends. To add one: a class in a file of its own, a line in
/// <see cref="NodeFaultList"/>, a name in <see cref="FaultKind"/> at the end, and in <see cref="SimulatedFault"/> whatever of it can be counted.
/// </summary>
internal abstract class NodeFault
{
    private NodeSimulation? _simulation;
    private SeededRandom? _random;

    /// <summary>Which.</summary>
    public abstract FaultKind Kind { get; }

    /// <summary>What stands for its first step in a trace; a further step is the number after it. No two faults share a number.</summary>
    public abstract byte Code { get; }

    /// <summary>Whether it strikes again after a while, by itself.</summary>
    protected virtual bool Recurs => true;

    protected NodeSimulation Simulation => _simulation!;

    /// <summary>Its own randomness, so that a seed without it is the run that it was before the fault was invented; the first ones share the run's.</summary>
    protected SeededRandom Random => _random!;

    protected FaultSetting Setting => Simulation.Options.Faults[Kind];

    /// <summary>How much of it a run has that nobody directs.</summary>
    public abstract FaultSetting Draw(SeededRandom random);

    /// <summary>It belongs to this run now.</summary>
    public void Attach(NodeSimulation simulation, SeededRandom random)
    {
        _simulation = simulation;
        _random = random;
    }

    /// <summary>The run begins.</summary>
    public virtual void Begin() => PlanNext();

    /// <summary>An event that it has planned has come.</summary>
    public void Happen(in NodeEvent e)
    {
        if (e.Step > 0)
        {
            GoOn(e);
            return;
        }

        if (Recurs)
            PlanNext();
        Strike();
    }

    /// <summary>The time of faults is over: nothing of it may go on. It hears of none of its events any more.</summary>
    public virtual void End()
    {
    }

    /// <summary>Whether what it has begun has come to its end. Asked again and again after the time of faults.</summary>
    public virtual bool IsSettled() => true;

    /// <summary>What it waits for, for the sentence that says why a run doesn't end.</summary>
    public virtual string Describe() => "";

    /// <summary>It happens: to whom is for it to draw.</summary>
    protected virtual void Strike()
    {
    }

    /// <summary>A later step that it has planned.</summary>
    protected virtual void GoOn(in NodeEvent e)
    {
    }

    /// <summary>Plans the next strike after a time of the mean that the options say; 0 means never.</summary>
    protected void PlanNext()
    {
        if (Setting.Value > 0)
            PlanStep(Random.Between(1, 2 * Setting.Value), step: 0);
    }

    /// <summary>Plans a step of its own.</summary>
    protected void PlanStep(long afterUs, byte step, int node = 0, int incarnation = 0, int detail = 0) =>
        Simulation.Plan(Simulation.Clock.NowUs + afterUs, new NodeEvent(NodeEventKind.Fault, node, incarnation, detail) { Fault = this, Step = step });
}
