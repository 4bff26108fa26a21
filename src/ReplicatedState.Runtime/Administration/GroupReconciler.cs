using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Administration;

/// <summary>On the leader of a group: brings the group's configuration and machine version in line with the cluster's records, one step at a time. Owned by the supervisor.</summary>
/// <remarks>
/// The system group begins, because a node learns from it which groups there are; and it ends last, because a leader that is to leave learns from it that it must hand over.
/// </remarks>
internal sealed class GroupReconciler(NodeContext node)
{
    /// <summary>Lets every group that this node leads take its next step.</summary>
    public void Look()
    {
        SystemState cluster = node.Cluster;
        if (cluster.ClusterId is null)
            return;
        foreach (GroupReplica replica in node.Groups.All)
        {
            GroupStatus status = replica.Status;
            if (status.Role != RaftRole.Leader)
                continue;
            if (cluster.Groups.TryGetValue(replica.Description.Name, out ClusterGroup? group) && group.MachineVersion > status.MachineVersion)
                replica.Shard.Post(ShardMail.Activate(replica, group.MachineVersion));
            if (MembershipPlan.IsReached(status.Configuration, cluster))
                continue;
            bool mayFinish = replica.Id != GroupId.System || HaveMachinesArrived(cluster);
            replica.Shard.Post(ShardMail.Reconfigure(replica, new MembershipStep(cluster, mayFinish)));
        }
    }

    /// <summary>Whether every group's committed configuration follows the records, as this node sees it.</summary>
    public bool HaveAllArrived(SystemState cluster) => HasArrived(GroupId.System, cluster) && HaveMachinesArrived(cluster);

    private bool HaveMachinesArrived(SystemState cluster)
    {
        foreach (ClusterGroup group in cluster.Groups.Values)
        {
            if (!HasArrived(group.Id, cluster))
                return false;
        }

        return true;
    }

    private bool HasArrived(GroupId group, SystemState cluster) =>
        node.ReplicaOf(group) is { } replica && MembershipPlan.IsReached(replica.Status.CommittedConfiguration, cluster);
}
