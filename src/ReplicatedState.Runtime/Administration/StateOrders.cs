using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Orders to compare the states of all replicas of a group, on the node that leads it. Owned by the supervisor.</summary>
internal sealed class StateOrders(NodeContext node)
{
    /// <summary>Orders the hashes, once, and waits until every member has said what it has, or is known not to be trusted.</summary>
    public AdministrationOutcome? Advance(OpenOrder open, GroupReplica replica, GroupStatus status, long nowMs)
    {
        if (open.Obstacle is { } refused)
            return refused;
        if (status.StateComparison is { } comparison && open.IsBegun && comparison.Index > open.SnapshotIndex)
        {
            if (comparison.Differing.Count > 0)
                return AdministrationOutcome.Refuse(AdministrationRefusal.Rejected, $"At entry {comparison.Index} of the group '{status.Name}' the states differ: {Join(comparison.Equal)} agree, {Join(comparison.Differing)} don't, or aren't trusted.");
            if (comparison.Silent.Count == 0)
                return AdministrationOutcome.Done($"At entry {comparison.Index} of the group '{status.Name}' all states are equal: {Join(comparison.Equal)}.", comparison.Index);
        }

        if (nowMs < open.RepeatAtMs)
            return null;
        open.IsBegun = true;
        open.SnapshotIndex = status.LastIndex;
        open.RepeatAtMs = nowMs + (10L * node.Options.Raft.ElectionTimeoutMaxMs); // a member that was away, or got the state by snapshot, may have missed the index
        replica.Shard.Post(ShardMail.Operation(replica, new Comparison(node, open) { Machine = replica.Description.Name }));
        return null;
    }

    private static string Join(IReadOnlyList<string> names) => string.Join(", ", names);

    /// <summary>That it was done shows in the group's status; that it can't be is said here.</summary>
    private sealed class Comparison : GroupOperation
    {
        private readonly NodeContext _node;
        private readonly OpenOrder _open;

        public Comparison(NodeContext node, OpenOrder open)
        {
            _node = node;
            _open = open;
            Kind = GroupOperationKind.CompareStates;
        }

        public override void Complete(GroupStatus? status, string? refusal)
        {
            if (refusal is not null)
                _node.Supervisor.Post(() => _open.Obstacle = AdministrationOutcome.Refuse(AdministrationRefusal.Rejected, refusal));
        }
    }
}
