using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Orders to hand a group's leadership over, on the node that leads it. Owned by the supervisor.</summary>
internal sealed class LeadershipOrders(NodeContext node)
{
    /// <summary>Whether what was begun here has come to its end.</summary>
    public static bool IsDone(OpenOrder open, GroupStatus status) =>
        open.IsHandedOver && status.Role != Consensus.RaftRole.Leader && status.LeaderName is { } leader && (open.Order.Member is not { } target || target == leader);

    /// <summary>Hands over, again after each attempt that came to nothing.</summary>
    public AdministrationOutcome? Advance(OpenOrder open, GroupReplica replica, long nowMs)
    {
        string? target = open.Order.Member;
        if (open.Obstacle is { } refused)
            return refused;
        if (target == node.Options.Name || (target is null && open.IsBegun && !open.IsHandedOver))
            return AdministrationOutcome.Done($"'{node.Options.Name}' leads the group '{replica.Description.Name}'.", replica.Status.Term);
        if (target is not null && node.Cluster.MemberNamed(target) is null)
            return AdministrationOutcome.Refuse(AdministrationRefusal.UnknownMember, $"The cluster has no member '{target}'.");
        if (nowMs < open.RepeatAtMs)
            return null;
        open.IsBegun = open.IsHandedOver = true;
        open.RepeatAtMs = nowMs + node.Options.Raft.ElectionTimeoutMaxMs;
        replica.Shard.Post(ShardMail.Operation(replica, new HandOver(node, open) { Machine = replica.Description.Name, Target = target }));
        return null;
    }

    /// <summary>That it was done shows in the group's status; that it can't be is said here.</summary>
    private sealed class HandOver : GroupOperation
    {
        private readonly NodeContext _node;
        private readonly OpenOrder _open;

        public HandOver(NodeContext node, OpenOrder open)
        {
            _node = node;
            _open = open;
            Kind = GroupOperationKind.TransferLeadership;
        }

        public override void Complete(GroupStatus? status, string? refusal)
        {
            if (refusal is not null)
                _node.Supervisor.Post(() => _open.Obstacle = AdministrationOutcome.Refuse(AdministrationRefusal.NoEligibleVoter, refusal));
        }
    }
}
