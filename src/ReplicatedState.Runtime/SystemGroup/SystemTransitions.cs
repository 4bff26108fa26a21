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

    /// <summary>Adds or replaces members. A known name with another id is a wiped directory: the old id may still count in a quorum, so it isn't simply replaced.</summary>
    public static SystemState Register(this SystemState state, ImmutableArray<Member> members)
    {
        RequireFormed(state);
        ImmutableSortedDictionary<RaftId, Member>.Builder registered = state.Members.ToBuilder();
        foreach (Member member in members)
        {
            if (member.Id.IsNone || member.Name.Length == 0)
                throw new CommandRejectedException("invalid_member", "A member has an id and a name.");
            Member? namesake = registered.Values.FirstOrDefault(other => other.Name == member.Name && other.Id != member.Id);
            if (namesake is not null)
                throw new CommandRejectedException("wiped_node", $"The name '{member.Name}' belongs to the node with the id {namesake.Id}; the node with the id {member.Id} has to be readmitted as a new one.");
            registered[member.Id] = member;
        }

        return state with { Members = registered.ToImmutable() };
    }

    /// <summary>Replaces what is known of a member.</summary>
    public static SystemState Update(this SystemState state, Member member)
    {
        RequireFormed(state);
        if (!state.Members.ContainsKey(member.Id))
            throw new CommandRejectedException("unknown_member", $"No member has the id {member.Id}.");
        return state.Register([member]);
    }

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
            Configuration.Of(state.Members.Keys));
        return state with { Groups = state.Groups.Add(group.Name, group), NextGroupId = state.NextGroupId + 1 };
    }

    private static void RequireFormed(SystemState state)
    {
        if (state.ClusterId is null)
            throw new CommandRejectedException("not_formed", "The cluster has not been formed yet.");
    }
}
