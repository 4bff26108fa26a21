using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Orders that change who belongs to the cluster, on the node that leads the system group. Owned by the supervisor.</summary>
/// <remarks>
/// An order first changes the records, by one entry of the system group; the leaders of the groups follow the records (<see cref="GroupReconciler"/>), and the order is done when all of them
/// have arrived. One change at a time: another one waits until the groups have followed the one before.
/// </remarks>
internal sealed class MembershipOrders(NodeContext node, GroupReconciler groups)
{
    private const int RepeatAfterMs = 1000;

    /// <summary>Moves an order on; an outcome where it has ended.</summary>
    public AdministrationOutcome? Advance(OpenOrder open, GroupReplica system, long nowMs)
    {
        SystemState cluster = node.Cluster;
        if (cluster.ClusterId is null)
            return null;
        string name = open.Order.Member ?? "";
        Member? member = cluster.MemberNamed(name);
        try
        {
            return open.Order.Action switch
            {
                AdministrationAction.AddMember => Add(open, system, cluster, name, member, nowMs),
                AdministrationAction.RemoveMember => Remove(open, system, cluster, name, member, nowMs),
                AdministrationAction.PromoteMember => Promote(open, system, cluster, name, member, nowMs),
                _ => Replace(open, system, cluster, name, member, nowMs),
            };
        }
        catch (CommandRejectedException rejection)
        {
            // The same rules that will judge the entry, asked before it is proposed.
            return AdministrationOutcome.Refuse(AdministrationRefusal.Rejected, rejection.Message);
        }
    }

    private AdministrationOutcome? Add(OpenOrder open, GroupReplica system, SystemState cluster, string name, Member? member, long nowMs)
    {
        if (member is { Standing: not MemberStanding.Leaving })
        {
            // Whoever asks again while the groups still take it in, waits for the same end.
            if (open.IsBegun || !IsReached(cluster))
            {
                open.IsBegun = true;
                return DoneWhenReached(cluster, $"'{name}' is a member.");
            }

            return AdministrationOutcome.Refuse(AdministrationRefusal.MemberExists, $"The cluster has a member '{name}' with the id {member.Id}.");
        }

        if (MustWait(open, cluster))
            return null;
        if (NewcomerNamed(cluster, name) is not { } greeting)
        {
            open.Obstacle = NotSeen(name);
            return null;
        }

        Member added = Founding.Describe(greeting) with { Standing = open.Order.AsLearner ? MemberStanding.Learner : MemberStanding.Voter };
        _ = cluster.Add(added, index: 0);
        Propose(open, system, new AddMember(added), nowMs);
        return null;
    }

    private AdministrationOutcome? Remove(OpenOrder open, GroupReplica system, SystemState cluster, string name, Member? member, long nowMs)
    {
        if (member is null)
        {
            return open.IsBegun
                ? AdministrationOutcome.Done($"'{name}' has left.", cluster.MembershipIndex)
                : Unknown(name);
        }

        if (member.Standing == MemberStanding.Leaving)
        {
            // It is told before it is forgotten, because afterwards nobody has a stream to it, and it may be the node that was asked.
            open.IsBegun = true;
            return groups.HaveAllArrived(cluster) ? AdministrationOutcome.Done($"'{name}' has left.", cluster.MembershipIndex) : null;
        }

        // A newcomer that nobody counts on yet may be called off at any time.
        if (VotesAnywhere(cluster, member.Id) && MustWait(open, cluster))
            return null;
        _ = cluster.Remove(member.Id, index: 0);
        if (!open.Order.Force && !open.IsProposed && WhyAtRisk(cluster, member) is { } risk)
            return open.IsBegun ? null : AdministrationOutcome.Refuse(AdministrationRefusal.QuorumAtRisk, risk); // what was begun can't be refused any more
        if (member.Id == node.Identity.RaftId)
        {
            // Whoever leads next removes this node; it could not see the end of that itself.
            if (nowMs >= open.RepeatAtMs)
            {
                open.RepeatAtMs = nowMs + node.Options.Raft.ElectionTimeoutMaxMs;
                system.Shard.Post(ShardMail.Operation(system, new UnattendedOperation { Kind = GroupOperationKind.TransferLeadership, Machine = SystemMachine.MachineName }));
            }

            return null;
        }

        Propose(open, system, new RemoveMember(member.Id), nowMs);
        return null;
    }

    private AdministrationOutcome? Promote(OpenOrder open, GroupReplica system, SystemState cluster, string name, Member? member, long nowMs)
    {
        if (member is null)
            return Unknown(name);
        if (member.Standing == MemberStanding.Voter)
            return DoneWhenReached(cluster, $"'{name}' is a voter.");
        if (MustWait(open, cluster))
            return null;
        _ = cluster.Promote(member.Id, index: 0);
        Propose(open, system, new PromoteMember(member.Id), nowMs);
        return null;
    }

    private AdministrationOutcome? Replace(OpenOrder open, GroupReplica system, SystemState cluster, string name, Member? member, long nowMs)
    {
        if (member is null)
            return Unknown(name);
        if (node.Handshake.WipedNamed(name) is not { } greeting || greeting.Node == member.Id)
        {
            // Begun elsewhere isn't enough: without having seen the new directory, nobody can tell the old one's id from the new one's.
            if (open.Readmitted == member.Id)
                return DoneWhenReached(cluster, $"'{name}' is readmitted with the id {member.Id}.");
            if (open.SettledAtMs == 0)
                open.SettledAtMs = nowMs + RepeatAfterMs; // a stream to a directory that is gone breaks sooner
            if (nowMs >= open.SettledAtMs && (member.Id == node.Identity.RaftId || node.Peers.Find(member.Id) is { IsConnected: true }))
                return AdministrationOutcome.Refuse(AdministrationRefusal.MemberExists, $"'{name}' runs with the id {member.Id} that is recorded: it was readmitted already, or never wiped.");
            open.Obstacle = AdministrationOutcome.Refuse(
                AdministrationRefusal.NodeNotSeen,
                $"No node has come as '{name}' with another id than {member.Id}: it has to run with its empty data directory, and to name members of this cluster as its peers.");
            return null;
        }

        if (MustWait(open, cluster))
            return null;
        Member readmitted = Founding.Describe(greeting) with { Labels = member.Labels };
        _ = cluster.Replace(member.Id, readmitted, index: 0);
        open.Readmitted = readmitted.Id;
        Propose(open, system, new ReplaceMember(member.Id, readmitted), nowMs);
        return null;
    }

    private static void Propose<TCommand>(OpenOrder open, GroupReplica system, TCommand command, long nowMs)
        where TCommand : ISystemCommand<TCommand>
    {
        if (nowMs < open.RepeatAtMs)
            return;
        open.IsBegun = open.IsProposed = true;
        open.RepeatAtMs = nowMs + RepeatAfterMs;
        system.Shard.Post(ShardMail.Propose(system, Founding.Encode(command)));
    }

    /// <summary>True where the groups still follow an earlier change.</summary>
    private bool MustWait(OpenOrder open, SystemState cluster)
    {
        if (open.IsProposed || IsReached(cluster))
            return false;
        open.Obstacle = AdministrationOutcome.Refuse(AdministrationRefusal.ChangeInProgress, "The groups still follow an earlier change of the cluster's members.");
        return true;
    }

    private AdministrationOutcome? DoneWhenReached(SystemState cluster, string message) =>
        IsReached(cluster) ? AdministrationOutcome.Done(message, cluster.MembershipIndex) : null;

    private bool IsReached(SystemState cluster)
    {
        foreach (Member member in cluster.Members.Values)
        {
            if (member.Standing == MemberStanding.Leaving)
                return false;
        }

        return groups.HaveAllArrived(cluster);
    }

    private bool VotesAnywhere(SystemState cluster, RaftId id)
    {
        if (node.ReplicaOf(GroupId.System) is not { } system || system.Status.Configuration.IsVoter(id))
            return true;
        foreach (ClusterGroup group in cluster.Groups.Values)
        {
            if (node.ReplicaOf(group.Id) is not { } replica || replica.Status.Configuration.IsVoter(id))
                return true;
        }

        return false;
    }

    private string? WhyAtRisk(SystemState cluster, Member leaving)
    {
        if (leaving.Standing != MemberStanding.Voter)
            return null;
        int voters = 0;
        int reachable = 0;
        foreach (Member member in cluster.Members.Values)
        {
            if (member.Standing != MemberStanding.Voter || member.Id == leaving.Id)
                continue;
            voters++;
            if (member.Id == node.Identity.RaftId || node.Peers.Find(member.Id) is { IsConnected: true })
                reachable++;
        }

        return reachable > voters / 2
            ? null
            : $"Without '{leaving.Name}' the cluster has {voters} voters, and only {reachable} of them can be reached now: nothing could be decided.";
    }

    private Greeting? NewcomerNamed(SystemState cluster, string name)
    {
        foreach (Greeting greeting in node.Handshake.Heard)
        {
            if (greeting.Name == name && greeting.Cluster is null && !cluster.Members.ContainsKey(greeting.Node) && !cluster.Removed.Contains(greeting.Node))
                return greeting;
        }

        return null;
    }

    private static AdministrationOutcome NotSeen(string name) => AdministrationOutcome.Refuse(
        AdministrationRefusal.NodeNotSeen,
        $"No node called '{name}' has been heard of: it has to run with an empty data directory, and to name members of this cluster as its peers.");

    private static AdministrationOutcome Unknown(string name) =>
        AdministrationOutcome.Refuse(AdministrationRefusal.UnknownMember, $"The cluster has no member '{name}'.");
}
