using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>A wish to change a group's members, for <see cref="RaftCore.ProposeConfig"/>.</summary>
/// <param name="Members">Who becomes what, carried out in order; what they already are may be named again. Empty in order to leave a joint configuration.</param>
/// <param name="Transition">Whether a joint configuration lies between, and who leaves it.</param>
public readonly record struct ConfigChange(ImmutableArray<MemberChange> Members, ConfigTransition Transition = ConfigTransition.Auto)
{
    /// <summary>The next configuration's <see cref="Configuration.Revision"/>; null where it stays as it is.</summary>
    public ulong? Revision { get; init; }

    /// <summary>Leaves a joint configuration that was entered with <see cref="ConfigTransition.JointUntilLeft"/>.</summary>
    public static ConfigChange Leave { get; } = new([], ConfigTransition.Leave);

    /// <summary>Makes a node a member that gets the log and counts in no quorum.</summary>
    /// <param name="node">The node.</param>
    /// <param name="promoteWhenCaughtUp">Whether the leader makes it a voter by itself as soon as it has caught up.</param>
    public static ConfigChange AddLearner(RaftId node, bool promoteWhenCaughtUp = false) =>
        new([new MemberChange(node, promoteWhenCaughtUp ? MemberRole.LearnerToPromote : MemberRole.Learner)]);

    /// <summary>Makes a learner that has caught up a voter.</summary>
    public static ConfigChange Promote(RaftId learner) => new([new MemberChange(learner, MemberRole.Voter)]);

    /// <summary>Makes a voter a learner.</summary>
    public static ConfigChange Demote(RaftId voter) => new([new MemberChange(voter, MemberRole.Learner)]);

    /// <summary>Removes a member.</summary>
    public static ConfigChange Remove(RaftId member) => new([new MemberChange(member, MemberRole.None)]);

    /// <summary>Puts a learner that has caught up in the place of a voter, through joint consensus: the group is never smaller in between.</summary>
    public static ConfigChange Replace(RaftId voter, RaftId learner) =>
        new([new MemberChange(voter, MemberRole.None), new MemberChange(learner, MemberRole.Voter)]);
}
