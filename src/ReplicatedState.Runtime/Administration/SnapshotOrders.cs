using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Orders to write a snapshot of a group on this node. Owned by the supervisor.</summary>
internal sealed class SnapshotOrders(NodeContext node)
{
    private const int RepeatAfterMs = 200;

    /// <summary>Asks for a snapshot until there is one of what was applied when it was ordered.</summary>
    public AdministrationOutcome? Advance(OpenOrder open, GroupReplica replica, GroupStatus status, long nowMs)
    {
        if (open.SnapshotIndex == 0)
            open.SnapshotIndex = status.Applied;
        if (open.SnapshotIndex == 0)
            return null;
        if (status.SnapshotIndex >= open.SnapshotIndex)
            return AdministrationOutcome.Done($"The group '{status.Name}' has a snapshot at {status.SnapshotIndex} on '{node.Options.Name}'.", status.SnapshotIndex);
        if (status.HaltReason is { } reason)
            return AdministrationOutcome.Refuse(AdministrationRefusal.Rejected, $"The machine of the group '{status.Name}' has halted: {reason}");
        if (nowMs < open.RepeatAtMs)
            return null;
        open.IsBegun = true;
        open.RepeatAtMs = nowMs + RepeatAfterMs;
        replica.Shard.Post(ShardMail.Operation(replica, new UnattendedOperation { Kind = GroupOperationKind.Snapshot, Machine = replica.Description.Name }));
        return null;
    }
}
