using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

// Who belongs to the group: the leader follows the cluster's records.
internal sealed partial class GroupReplica
{
    /// <summary>A learner this close behind the end of the log may vote.</summary>
    private const ulong CaughtUpEntries = 128;

    /// <summary>Takes the next step towards the records, if this node leads.</summary>
    public void Reconfigure(MembershipStep step)
    {
        if (!IsLeader)
            return;
        if (step.Cluster.Members.GetValueOrDefault(_node.Identity.RaftId) is { Standing: not MemberStanding.Voter })
        {
            HandOver(); // whoever leads next goes on with it
            return;
        }

        CoreStatus core = _core.Status;
        if (MembershipPlan.Next(core.Configuration, step.Cluster, step.MayFinish, IsCaughtUp) is not { } change)
            return;
        // A refusal means to wait, and the next look asks again.
        ulong index = _core.ConfigurationAt(core.Last.Index).Index;
        ConfigResult result = _core.ProposeConfig(change, index);
        if (result.Outcome == ConfigOutcome.Accepted)
            _node.Log.ConfigurationProposed(Id, Description.Name, _core.Status.Configuration.ToString(), result.ConfigIndex);
    }

    private bool IsCaughtUp(RaftId learner) =>
        _core.ProgressOf(learner) is { State: ProgressState.Replicate, RecentlyActive: true } progress && progress.Match + CaughtUpEntries >= _core.Status.Last.Index;
}
