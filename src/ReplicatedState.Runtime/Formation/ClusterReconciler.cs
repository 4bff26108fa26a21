using System.Buffers.Binary;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>
/// On the leader of the system group: brings the cluster's records in line with what is there. Groups for machines that have none, new addresses and binaries of members, members
/// that have left every group, and machine versions where they shall take effect by themselves.
/// Owned by the supervisor.
/// </summary>
/// <remarks>Every command is idempotent and proposed again until the records show it, so it needs no answer.</remarks>
internal sealed class ClusterReconciler(NodeContext node, GroupReconciler groups)
{
    private const int RepeatAfterMs = 1000;
    private readonly VersionOrders _versions = new(node);
    private readonly UnattendedTrials _trials = new(node);
    private long _nextMs;

    /// <summary>Proposes what is missing.</summary>
    public void Look(long nowMs)
    {
        if (nowMs < _nextMs || node.ReplicaOf(GroupId.System) is not { } system || system.Status.Role != RaftRole.Leader)
            return;
        SystemState cluster = node.Cluster;
        if (cluster.ClusterId is null)
            return;
        bool proposed = CreateMissingGroups(system, cluster);
        proposed |= UpdateMembers(system, cluster);
        proposed |= ForgetMembers(system, cluster);
        proposed |= ActivateVersions(system, cluster, nowMs);
        if (proposed)
            _nextMs = nowMs + RepeatAfterMs;
    }

    private bool CreateMissingGroups(GroupReplica system, SystemState cluster)
    {
        bool proposed = false;
        foreach (MachineRegistration machine in node.Machines)
        {
            if (cluster.Groups.ContainsKey(machine.Name))
                continue;
            // The oldest of the members' binaries decides: they are in the middle of an upgrade, perhaps, and nobody's machine shall halt for it.
            string name = machine.Definition.Manifest.Name;
            int version = cluster.VersionOnAll(name) is var common and > 0 ? common : machine.Definition.Manifest.Version;
            Propose(system, new CreateGroup(machine.Name, name, new GroupGenesis(DrawSecret(), version, SessionLimits.Default)));
            proposed = true;
        }

        return proposed;
    }

    private bool UpdateMembers(GroupReplica system, SystemState cluster)
    {
        bool proposed = UpdateMember(system, cluster, node.Handshake.Own());
        foreach (Greeting heard in node.Handshake.Heard)
            proposed |= UpdateMember(system, cluster, heard);
        return proposed;
    }

    private static bool UpdateMember(GroupReplica system, SystemState cluster, Greeting greeting)
    {
        if (!cluster.Members.TryGetValue(greeting.Node, out Member? recorded))
            return false;
        Member described = Founding.Describe(greeting) with { Labels = recorded.Labels, Standing = recorded.Standing };
        if (described.Equals(recorded))
            return false;
        Propose(system, new UpdateMember(described));
        return true;
    }

    private bool ForgetMembers(GroupReplica system, SystemState cluster)
    {
        bool proposed = false;
        foreach (Member member in cluster.Members.Values)
        {
            if (member.Standing != MemberStanding.Leaving || !groups.HaveAllArrived(cluster))
                continue;
            Propose(system, new ForgetMember(member.Id));
            proposed = true;
        }

        return proposed;
    }

    private bool ActivateVersions(GroupReplica system, SystemState cluster, long nowMs)
    {
        if (!node.Options.Upgrade.AutoActivate || !_versions.AreRecordsCurrent(cluster))
            return false;
        bool proposed = false;
        foreach (ClusterGroup group in cluster.Groups.Values)
        {
            int version = cluster.VersionOnAll(group.Machine);
            if (version <= group.MachineVersion || !_trials.HasPassed(group, version, nowMs))
                continue;
            Propose(system, new ActivateVersion(group.Name, version));
            proposed = true;
        }

        return proposed;
    }

    private static void Propose<TCommand>(GroupReplica system, TCommand command)
        where TCommand : ISystemCommand<TCommand> => system.Shard.Post(ShardMail.Propose(system, Founding.Encode(command)));

    private UInt128 DrawSecret()
    {
        Span<byte> bytes = stackalloc byte[16];
        node.Entropy.Fill(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
