using System.Collections.Immutable;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.SystemGroup.Commands;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>What the commands of the system group make of its state: functions from state to state, or a rejection that changes nothing.</summary>
internal static class SystemTransitions
{
    /// <summary>The cluster gets its identity once. The formation's proposer may repeat itself, since it can't know whether it was heard.</summary>
    public static SystemState Form(this SystemState state, FormCluster form)
    {
        if (state.ClusterId == form.ClusterId && state.Epoch == form.Epoch)
            return state;
        if (state.ClusterId is { } formed)
            throw new CommandRejectedException("already_formed", $"The cluster was formed as {formed}, epoch {state.Epoch}.");
        return (state with { ClusterId = form.ClusterId, Epoch = form.Epoch, Label = form.Label }).Register(form.Members);
    }

    /// <summary>Takes a node in. A known name with another id is a wiped directory: the old id may still count in a quorum, so it isn't simply replaced.</summary>
    public static SystemState Add(this SystemState state, Member member, ulong index)
    {
        RequireFormed(state);
        if (state.Members.TryGetValue(member.Id, out Member? known))
        {
            return known.Standing == MemberStanding.Leaving
                ? throw new CommandRejectedException("member_leaving", $"The node '{known.Name}' with the id {known.Id} is being removed, and an id that left doesn't come back.")
                : state;
        }

        if (member.Standing == MemberStanding.Leaving)
            throw new CommandRejectedException("invalid_member", "Nobody is added in order to leave.");
        RequireEffectiveVersions(state, member);
        return state.Register([member]) with { MembershipIndex = index };
    }

    /// <summary>Marks a member as leaving.</summary>
    public static SystemState Remove(this SystemState state, RaftId id, ulong index)
    {
        Member member = MemberOf(state, id);
        if (member.Standing == MemberStanding.Leaving)
            return state;
        if (member.Standing == MemberStanding.Voter && state.Members.Values.Count(static other => other.Standing == MemberStanding.Voter) == 1)
            throw new CommandRejectedException("last_voter", $"'{member.Name}' is the only voter; without it nothing could be decided any more.");
        return state.With(member with { Standing = MemberStanding.Leaving }, index);
    }

    /// <summary>Deletes the record of a member that has left.</summary>
    public static SystemState Forget(this SystemState state, RaftId id)
    {
        RequireFormed(state);
        if (!state.Members.TryGetValue(id, out Member? member))
            return state;
        if (member.Standing != MemberStanding.Leaving)
            throw new CommandRejectedException("member_stays", $"'{member.Name}' has not been removed.");
        return state with { Members = state.Members.Remove(id), Removed = state.Removed.Add(id) };
    }

    /// <summary>Makes a voter of a learner.</summary>
    public static SystemState Promote(this SystemState state, RaftId id, ulong index)
    {
        Member member = MemberOf(state, id);
        return member.Standing switch
        {
            MemberStanding.Voter => state,
            MemberStanding.Leaving => throw new CommandRejectedException("member_leaving", $"'{member.Name}' is being removed."),
            _ => state.With(member with { Standing = MemberStanding.Voter }, index),
        };
    }

    /// <summary>Passes a member's name and standing on to the id that its node has now.</summary>
    public static SystemState Replace(this SystemState state, RaftId old, Member member, ulong index)
    {
        if (state.Members.TryGetValue(member.Id, out Member? present) && present.Standing != MemberStanding.Leaving && present.Name == member.Name)
            return state;
        Member before = MemberOf(state, old);
        if (before.Name != member.Name)
            throw new CommandRejectedException("invalid_member", $"The node with the id {old} is called '{before.Name}', so '{member.Name}' can't take its place.");
        if (before.Standing == MemberStanding.Leaving)
            throw new CommandRejectedException("member_leaving", $"'{before.Name}' with the id {old} is being removed; add the node as a new one.");
        RequireEffectiveVersions(state, member);
        SystemState without = state.With(before with { Standing = MemberStanding.Leaving }, index);
        return without.Register([member with { Standing = before.Standing }]);
    }

    /// <summary>Replaces what is known of a member, but for what it shall be.</summary>
    public static SystemState Update(this SystemState state, Member member) =>
        state.Register([member with { Standing = MemberOf(state, member.Id).Standing }]);

    /// <summary>Creates a group, unless it exists.</summary>
    public static SystemState Create(this SystemState state, CreateGroup create, ulong index)
    {
        RequireFormed(state);
        if (create.Name is "" or SystemMachine.MachineName || create.Genesis.MachineVersion < 1)
            throw new CommandRejectedException("invalid_group", $"A group has a name, which is not '{SystemMachine.MachineName}', and a machine version of 1 or more.");
        if (state.Groups.TryGetValue(create.Name, out ClusterGroup? existing))
        {
            return existing.Machine == create.Machine
                ? state
                : throw new CommandRejectedException("group_differs", $"The group '{create.Name}' exists and runs the machine '{existing.Machine}', not '{create.Machine}'.");
        }

        var group = new ClusterGroup(
            new GroupId(state.NextGroupId),
            create.Name,
            create.Machine,
            create.Genesis,
            CreatedAt: index,
            Configuration.Of(IdsOf(state, MemberStanding.Voter)) with { Learners = [.. IdsOf(state, MemberStanding.Learner)] });
        return state with { Groups = state.Groups.Add(group.Name, group), NextGroupId = state.NextGroupId + 1 };
    }

    /// <summary>Begins a new epoch with one member alone. The others are not forgotten: they come back as new nodes only.</summary>
    public static SystemState Recover(this SystemState state, RecoverCluster recover, ulong index)
    {
        Member survivor = MemberOf(state, recover.Survivor);
        if (recover.Epoch <= state.Epoch)
            throw new CommandRejectedException("epoch_not_higher", $"The cluster is in epoch {state.Epoch}, so it can't begin epoch {recover.Epoch}.");
        return state with
        {
            Epoch = recover.Epoch,
            Members = SystemState.Empty.Members.Add(survivor.Id, survivor with { Standing = MemberStanding.Voter }),
            Removed = state.Removed.Union(state.Members.Keys.Where(id => id != survivor.Id)),
            MembershipIndex = index,
        };
    }

    /// <summary>Orders a machine version to be activated: one that every member's binary has, so that no machine halts for it.</summary>
    public static SystemState Activate(this SystemState state, ActivateVersion order)
    {
        RequireFormed(state);
        if (!state.Groups.TryGetValue(order.Group, out ClusterGroup? group))
            throw new CommandRejectedException("unknown_group", $"The cluster has no group '{order.Group}'.");
        if (order.Version <= group.MachineVersion)
            throw new CommandRejectedException("version_not_higher", $"Version {group.MachineVersion} of the machine '{group.Machine}' is in effect in the group '{group.Name}', and versions only go up: {order.Version} can't be activated.");
        if (state.WhoLacks(group.Machine, order.Version) is { } lacking)
            throw new CommandRejectedException("version_not_everywhere", $"{lacking}, so version {order.Version} can't be activated. Upgrade that node's binary, or remove it from the cluster.");
        return state with { Groups = state.Groups.SetItem(group.Name, group with { MachineVersion = order.Version }) };
    }

    /// <summary>A member whose binary is recorded to lack a version of a machine, as a sentence; null where all have it.</summary>
    public static string? WhoLacks(this SystemState state, string machine, int version)
    {
        foreach (Member member in state.Members.Values)
        {
            if (member.Standing != MemberStanding.Leaving && member.VersionOf(machine) < version)
                return Describe(member, machine);
        }

        return null;
    }

    /// <summary>The newest version of a machine that all members' binaries have; 0 where one lacks the machine.</summary>
    public static int VersionOnAll(this SystemState state, string machine) =>
        state.Members.Values.Where(static member => member.Standing != MemberStanding.Leaving).Select(member => member.VersionOf(machine)).DefaultIfEmpty(0).Min();

    /// <summary>A binary that lacks a version in effect would come to halt at once: it is told so before it belongs to anything.</summary>
    private static void RequireEffectiveVersions(SystemState state, Member member)
    {
        foreach (ClusterGroup group in state.Groups.Values)
        {
            if (member.VersionOf(group.Machine) < group.MachineVersion)
            {
                throw new CommandRejectedException(
                    "version_lacking",
                    $"{Describe(member, group.Machine)}, and version {group.MachineVersion} is in effect in the group '{group.Name}'. Install a binary that has it on that node.");
            }
        }
    }

    private static string Describe(Member member, string machine) => member.VersionOf(machine) is var version and > 0
        ? $"The binary of '{member.Name}' has version {version} of the machine '{machine}'"
        : $"The binary of '{member.Name}' lacks the machine '{machine}'";

    private static IEnumerable<RaftId> IdsOf(SystemState state, MemberStanding standing) =>
        state.Members.Values.Where(member => member.Standing == standing).Select(static member => member.Id);

    /// <summary>A name has one id that stays, and an id has one name. All or none.</summary>
    private static SystemState Register(this SystemState state, ImmutableArray<Member> members)
    {
        ImmutableSortedDictionary<RaftId, Member>.Builder registered = state.Members.ToBuilder();
        foreach (Member member in members)
        {
            if (member.Id.IsNone || member.Name.Length == 0)
                throw new CommandRejectedException("invalid_member", "A member has an id and a name.");
            if (state.Removed.Contains(member.Id))
                throw new CommandRejectedException("removed_node", $"The node '{member.Name}' with the id {member.Id} was removed from the cluster. Empty its data directory and add it as a new one.");
            Member? namesake = registered.Values.FirstOrDefault(other => other.Name == member.Name && other.Id != member.Id && other.Standing != MemberStanding.Leaving);
            if (namesake is not null)
                throw new CommandRejectedException("wiped_node", $"The name '{member.Name}' belongs to the node with the id {namesake.Id}; the node with the id {member.Id} has to be readmitted as a new one.");
            registered[member.Id] = member;
        }

        return state with { Members = registered.ToImmutable() };
    }

    private static SystemState With(this SystemState state, Member member, ulong index) =>
        state with { Members = state.Members.SetItem(member.Id, member), MembershipIndex = index };

    private static Member MemberOf(SystemState state, RaftId id)
    {
        RequireFormed(state);
        return state.Members.GetValueOrDefault(id) ?? throw new CommandRejectedException("unknown_member", $"No member has the id {id}.");
    }

    private static void RequireFormed(SystemState state)
    {
        if (state.ClusterId is null)
            throw new CommandRejectedException("not_formed", "The cluster has not been formed yet.");
    }
}
