using ReplicatedState.Runtime.Node;

namespace ReplicatedState.AspNetCore.Status;

/// <summary>Asks one group for its status with the hash of its state.</summary>
internal sealed class GroupInspection : GroupOperation
{
    private readonly TaskCompletionSource<GroupStatus?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns null where the node has no such group, or is stopping.</summary>
    public static Task<GroupStatus?> RunAsync(ReplicatedNode node, string group, CancellationToken cancellationToken)
    {
        var inspection = new GroupInspection { Kind = GroupOperationKind.Inspect, Machine = group };
        node.Carry(inspection);
        return inspection._answer.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Complete(GroupStatus? status, string? refusal) => _answer.TrySetResult(status);
}
