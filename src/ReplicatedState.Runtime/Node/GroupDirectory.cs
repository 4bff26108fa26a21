using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Node;

/// <summary>The groups that run on a node, for threads that don't own them. Shards add, anybody reads.</summary>
internal sealed class GroupDirectory
{
    private readonly Lock _gate = new();
    private GroupReplica[] _replicas = [];

    /// <summary>All groups, in the order of their ids.</summary>
    public ReadOnlySpan<GroupReplica> All => Volatile.Read(ref _replicas);

    /// <summary>Adds a group.</summary>
    public void Add(GroupReplica replica)
    {
        lock (_gate)
            Volatile.Write(ref _replicas, [.. _replicas.Append(replica).OrderBy(static group => group.Id)]);
    }

    /// <summary>The group with an id; null where it doesn't run here (yet).</summary>
    public GroupReplica? Find(GroupId id)
    {
        foreach (GroupReplica replica in All)
        {
            if (replica.Id == id)
                return replica;
        }

        return null;
    }

    /// <summary>The group that a client means: by the instance's name, or, without one, the only one but the system group.</summary>
    public GroupReplica? Find(string? machine)
    {
        GroupReplica? only = null;
        foreach (GroupReplica replica in All)
        {
            if (machine is null)
            {
                if (replica.Id == GroupId.System)
                    continue;
                if (only is not null)
                    return null;
                only = replica;
            }
            else if (replica.Description.Name == machine)
            {
                return replica;
            }
        }

        return only;
    }
}
