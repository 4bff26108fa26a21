namespace ReplicatedState.Runtime.Administration;

/// <summary>An operator's request to a node. Adapters derive from it.</summary>
public abstract class AdministrationRequest(AdministrationOrder order)
{
    /// <summary>What is asked.</summary>
    public AdministrationOrder Order { get; } = order;

    /// <summary>The answer. Called exactly once, on a thread of the node; must not block.</summary>
    public abstract void Complete(AdministrationOutcome outcome);
}
