using ReplicatedState.Runtime.Administration;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>An operator's request to one node in one of its lives.</summary>
internal sealed class SimulatedOrder(AdministrationOrder order, SimulatedStation asked, long askedAtUs) : AdministrationRequest(order)
{
    private readonly int _incarnation = asked.Incarnation;
    private int _completions;

    public AdministrationOutcome? Outcome { get; private set; }

    /// <summary>The node that was asked is gone, and the answer with it.</summary>
    public bool IsLost => Outcome is null && (!asked.IsUp || asked.Incarnation != _incarnation);

    public override void Complete(AdministrationOutcome outcome)
    {
        _completions++;
        Outcome = outcome;
    }

    /// <summary>I16: every order ends once, and soon after its time is over, as long as its node lives.</summary>
    public void MustEndOnce(long nowUs, long graceUs)
    {
        if (_completions > 1)
            throw new SimulationViolationException("I16", $"an order of an operator, {Order.Action} {Order.Member}, ended {_completions} times, last with {Outcome!.Status}: {Outcome.Message}");
        long dueUs = Math.Max(askedAtUs, asked.PausedUntilUs) + (Order.TimeoutMs * 1000L) + graceUs;
        if (Outcome is null && !IsLost && !asked.Trouble.IsStopping && nowUs > dueUs)
            throw new SimulationViolationException("I16", $"an order of an operator, {Order.Action} {Order.Member} to n{asked.Number + 1}, hasn't ended {graceUs / 1_000_000} s after its time was over");
    }

    /// <inheritdoc/>
    public override string ToString() => $"asked of n{asked.Number + 1} at {askedAtUs / 1_000_000.0:F3}, {(IsLost ? "lost" : Outcome?.Message ?? "no answer")}";
}
