using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Runtime.Administration;

/// <summary>An operation that is asked for again until its effect shows in the group's status, so that nobody waits for its answer.</summary>
internal sealed class UnattendedOperation : GroupOperation
{
    /// <inheritdoc/>
    public override void Complete(GroupStatus? status, string? refusal)
    {
        // Its effect shows, or it is asked for again.
    }
}
