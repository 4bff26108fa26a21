using ReplicatedState.Consensus;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Administration;

/// <summary>
/// The way of one group's configuration towards the cluster's records, one step after the other: whoever shall vote learns first, and one change, joint where it must be, then
/// brings everything into its place (Raft dissertation 4.2.1 and 4.3).
/// </summary>
/// <remarks>A function of the two, so that any leader of the group takes up where the last one stopped.</remarks>
internal static class MembershipPlan
{
    /// <summary>The change to propose next; null where the group has arrived, or has to wait for a learner, for other groups, or for the end of a joint configuration.</summary>
    /// <param name="current">The group's configuration in force.</param>
    /// <param name="cluster">The records. Older ones than those that the group follows already are worth nothing.</param>
    /// <param name="mayFinish">False while the last step has to wait for other groups.</param>
    /// <param name="isCaughtUp">Whether a learner has what a voter needs.</param>
    public static ConfigChange? Next(Configuration current, SystemState cluster, bool mayFinish, Func<RaftId, bool> isCaughtUp)
    {
        if (current.IsJoint || cluster.MembershipIndex <= current.Revision)
            return null;
        RaftId[] voters = IdsOf(cluster, MemberStanding.Voter);
        RaftId[] learners = IdsOf(cluster, MemberStanding.Learner);
        RaftId[] newcomers = [.. voters.Where(id => !current.Voters.Contains(id))];
        RaftId[] strangers = [.. newcomers.Where(id => !current.Learners.Contains(id))];
        if (strangers.Length > 0)
            return new ConfigChange([.. strangers.Select(static id => new MemberChange(id, MemberRole.Learner))]);
        if (voters.Length == 0 || !mayFinish || !newcomers.All(isCaughtUp))
            return null;
        return new ConfigChange(
        [
            .. current.Members().Where(id => !voters.Contains(id) && !learners.Contains(id)).Select(static id => new MemberChange(id, MemberRole.None)),
            .. learners.Where(id => !current.Learners.Contains(id)).Select(static id => new MemberChange(id, MemberRole.Learner)),
            .. newcomers.Select(static id => new MemberChange(id, MemberRole.Voter)),
        ])
        {
            Revision = cluster.MembershipIndex,
        };
    }

    /// <summary>Whether a group has arrived at the records.</summary>
    public static bool IsReached(Configuration current, SystemState cluster) => !current.IsJoint && current.Revision >= cluster.MembershipIndex;

    private static RaftId[] IdsOf(SystemState cluster, MemberStanding standing) =>
        [.. cluster.Members.Values.Where(member => member.Standing == standing).Select(static member => member.Id).Order()];
}
