using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Orders to put a machine version into effect, on the node that leads the system group. Owned by the supervisor.</summary>
/// <remarks>
/// Before anything is written the version's migrations are tried on this node's replica. Then two entries: one of the system group, which is rejected where a member lacks the version, and one of the machine's own group, from which on its commands see the new version. The second is proposed by
/// that group's leader for as long as the first is ahead of it (<see cref="GroupReconciler"/>), so an order survives the loss of any leader.
/// </remarks>
internal sealed class VersionOrders(NodeContext node)
{
    private const int RepeatAfterMs = 1000;

    /// <summary>Moves an order on; an outcome where it has ended.</summary>
    public AdministrationOutcome? Advance(OpenOrder open, GroupReplica system, long nowMs)
    {
        SystemState cluster = node.Cluster;
        if (cluster.ClusterId is null)
            return null;
        if (GroupOf(cluster, open.Order.Group) is not { } group)
        {
            return AdministrationOutcome.Refuse(
                AdministrationRefusal.UnknownGroup,
                open.Order.Group is { } name ? $"The cluster has no group '{name}'." : "The cluster hosts several machines, or none, so a group must be named.");
        }

        int version = open.Order.Version;
        if (group.MachineVersion == version)
            return DoneWhenInEffect(open, group);
        if (!AreRecordsCurrent(cluster))
            return null;
        try
        {
            _ = cluster.Activate(new ActivateVersion(group.Name, version));
        }
        catch (CommandRejectedException rejection)
        {
            // The same rules that will judge the entry, asked before it is proposed.
            return AdministrationOutcome.Refuse(AdministrationRefusal.Rejected, rejection.Message);
        }

        open.Trial ??= VersionTrial.Begin(node, group.Machine, node.ReplicaOf(group.Id), version);
        if (!open.Trial.IsDone || nowMs < open.RepeatAtMs)
            return null;
        if (open.Trial.Failure is { } failure)
            return AdministrationOutcome.Refuse(AdministrationRefusal.Rejected, $"Version {version} of the machine '{group.Machine}' was not activated, because every replica of the group '{group.Name}' would halt: {failure}");
        open.IsBegun = true;
        open.RepeatAtMs = nowMs + RepeatAfterMs;
        system.Shard.Post(ShardMail.Propose(system, Founding.Encode(new ActivateVersion(group.Name, version))));
        return null;
    }

    /// <summary>Whether the records say of every member what it said of itself when it last came.</summary>
    public bool AreRecordsCurrent(SystemState cluster)
    {
        if (!IsCurrent(cluster, node.Handshake.Own()))
            return false;
        foreach (Greeting heard in node.Handshake.Heard)
        {
            if (!IsCurrent(cluster, heard))
                return false;
        }

        return true;
    }

    private static bool IsCurrent(SystemState cluster, Greeting greeting) =>
        !cluster.Members.TryGetValue(greeting.Node, out Member? recorded) || recorded.Machines.SequenceEqual(Founding.Describe(greeting).Machines);

    private static ClusterGroup? GroupOf(SystemState cluster, string? name)
    {
        if (name is not null)
            return cluster.Groups.GetValueOrDefault(name);
        return cluster.Groups.Count == 1 ? cluster.Groups.Values.First() : null;
    }

    private AdministrationOutcome? DoneWhenInEffect(OpenOrder open, ClusterGroup group)
    {
        open.IsBegun = true;
        return node.ReplicaOf(group.Id) is { } replica && replica.Status.MachineVersion >= group.MachineVersion
            ? AdministrationOutcome.Done($"Version {group.MachineVersion} of the machine '{group.Machine}' is in effect in the group '{group.Name}'.", replica.Status.Applied)
            : null;
    }
}
