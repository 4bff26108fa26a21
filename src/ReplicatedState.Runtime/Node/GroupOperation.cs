namespace ReplicatedState.Runtime.Node;

/// <summary>What an operator may ask of one group.</summary>
public enum GroupOperationKind : byte
{
    /// <summary>Its status, with the hash of its state.</summary>
    Inspect,

    /// <summary>Hand leadership to another member; answered when the hand-over has begun.</summary>
    TransferLeadership,

    /// <summary>Take a snapshot now; answered when it has begun.</summary>
    Snapshot,

    /// <summary>Let all replicas hash their state at one index, on the node that leads; answered when it has begun.</summary>
    CompareStates,

    /// <summary>Run the migrations to a machine version on a copy of the state; answered with what they threw, or without a refusal where they didn't or the machine isn't there to try.</summary>
    TryVersion,
}

/// <summary>An operator's request to one group on one node. Adapters derive from it.</summary>
public abstract class GroupOperation
{
    /// <summary>What is asked.</summary>
    public GroupOperationKind Kind { get; init; }

    /// <summary>The machine instance; null for the only one, "system" for group 0.</summary>
    public string? Machine { get; init; }

    /// <summary>TransferLeadership: the new leader's name; null for the member that is closest.</summary>
    public string? Target { get; init; }

    /// <summary>TryVersion: the machine version.</summary>
    public int Version { get; init; }

    /// <summary>The answer. Called exactly once, on a thread of the node; must not block.</summary>
    /// <param name="status">The group after the operation; null where the node has no such group or is stopping.</param>
    /// <param name="refusal">Why it wasn't done; null where it was.</param>
    public abstract void Complete(GroupStatus? status, string? refusal);
}
