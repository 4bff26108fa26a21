using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>
/// What configuration a change leads to. A step without a joint configuration (dissertation 4.1) differs in one voter at most, so that any two quorums
/// overlap; everything else goes through one (4.3). A voter that becomes a learner while it still votes among the outgoing is staged until they leave.
/// </summary>
internal static class Reconfiguration
{
    /// <summary>Chooses the way and takes it.</summary>
    public static ConfigRefusal Apply(Configuration current, in ConfigChange change, out Configuration next)
    {
        ImmutableArray<MemberChange> members = change.Members.IsDefault ? [] : change.Members;
        switch (change.Transition)
        {
            case ConfigTransition.Leave:
                return LeaveJoint(current, out next);
            case ConfigTransition.Joint:
            case ConfigTransition.JointUntilLeft:
                return EnterJoint(current, members, change.Transition == ConfigTransition.Joint, out next);
            default:
                ConfigRefusal refusal = Simple(current, members, out next);
                if (refusal == ConfigRefusal.MoreThanOneVoter)
                    refusal = EnterJoint(current, members, autoLeave: true, out next);
                next = Revised(next, change);
                return refusal;
        }
    }

    private static Configuration Revised(Configuration next, in ConfigChange change) => next with { Revision = change.Revision ?? next.Revision };

    /// <summary>One step, at most one voter apart.</summary>
    public static ConfigRefusal Simple(Configuration current, ImmutableArray<MemberChange> changes, out Configuration next)
    {
        next = current;
        if (current.IsJoint)
            return ConfigRefusal.AlreadyJoint;
        ConfigRefusal refusal = Draft.Of(current, outgoing: [], autoLeave: false, changes, out Configuration changed);
        if (refusal != ConfigRefusal.None)
            return refusal;
        if (current.Voters.Except(changed.Voters).Count() + changed.Voters.Except(current.Voters).Count() > 1)
            return ConfigRefusal.MoreThanOneVoter;
        next = changed;
        return ConfigRefusal.None;
    }

    /// <summary>The voters so far become the outgoing ones, beside those that the changes lead to.</summary>
    public static ConfigRefusal EnterJoint(Configuration current, ImmutableArray<MemberChange> changes, bool autoLeave, out Configuration next)
    {
        next = current;
        if (current.IsJoint)
            return ConfigRefusal.AlreadyJoint;
        if (current.Voters.IsEmpty)
            return ConfigRefusal.NoVoters;
        return Draft.Of(current, outgoing: current.Voters, autoLeave, changes, out next);
    }

    /// <summary>The outgoing voters go; those of them that were staged become learners.</summary>
    public static ConfigRefusal LeaveJoint(Configuration current, out Configuration next)
    {
        next = current;
        if (!current.IsJoint)
            return ConfigRefusal.NotJoint;
        next = new Configuration(current.Voters, [], [.. current.Learners.Union(current.LearnersNext).Order()]) { AutoPromote = current.AutoPromote, Revision = current.Revision };
        return ConfigRefusal.None;
    }

    /// <summary>A configuration that is being written.</summary>
    private sealed class Draft(Configuration from, ImmutableArray<RaftId> outgoing)
    {
        private readonly SortedSet<RaftId> _voters = [.. from.Voters];
        private readonly SortedSet<RaftId> _learners = [.. from.Learners];
        private readonly SortedSet<RaftId> _learnersNext = [.. from.LearnersNext];
        private readonly SortedSet<RaftId> _autoPromote = [.. from.AutoPromote];

        public static ConfigRefusal Of(
            Configuration from, ImmutableArray<RaftId> outgoing, bool autoLeave, ImmutableArray<MemberChange> changes, out Configuration next)
        {
            next = from;
            var draft = new Draft(from, outgoing);
            foreach (MemberChange change in changes)
            {
                if (!change.Node.IsNone)
                    draft.Change(change);
            }

            if (draft._voters.Count == 0)
                return ConfigRefusal.NoVoters;
            var changed = new Configuration([.. draft._voters], outgoing, [.. draft._learners], autoLeave)
            {
                LearnersNext = [.. draft._learnersNext],
                AutoPromote = [.. draft._autoPromote],
                Revision = from.Revision,
            };
            if (changed.Members().Length > Configuration.MembersMax)
                return ConfigRefusal.TooManyMembers;
            next = changed;
            return ConfigRefusal.None;
        }

        private void Change(MemberChange change)
        {
            Remove(change.Node);
            switch (change.Role)
            {
                case MemberRole.Voter:
                    _voters.Add(change.Node);
                    break;
                case MemberRole.Learner:
                case MemberRole.LearnerToPromote:
                    // Whoever votes can't be a learner too, and an outgoing voter does until the joint configuration is left.
                    (outgoing.Contains(change.Node) ? _learnersNext : _learners).Add(change.Node);
                    if (change.Role == MemberRole.LearnerToPromote)
                        _autoPromote.Add(change.Node);
                    break;
            }
        }

        private void Remove(RaftId node)
        {
            _voters.Remove(node);
            _learners.Remove(node);
            _learnersNext.Remove(node);
            _autoPromote.Remove(node);
        }
    }
}
