using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Runtime.Shards;

// What operators ask of a group, and the hand-over of leadership when the node stops.
internal sealed partial class GroupReplica
{
    private readonly List<GroupOperation> _inspections = [];

    /// <summary>Does what an operator asks and answers; an inspection is answered when the state has been hashed, a trial when it has ended.</summary>
    public void Carry(GroupOperation operation)
    {
        if (operation.Kind == GroupOperationKind.Inspect)
        {
            _inspections.Add(operation);
            return;
        }

        if (operation.Kind == GroupOperationKind.TryVersion)
        {
            _trials.Add(operation);
            return;
        }

        string? refusal = operation.Kind switch
        {
            GroupOperationKind.Snapshot => TryCapture() ? null : "There is nothing new to take a snapshot of, or one is being taken.",
            GroupOperationKind.CompareStates => OrderStateHash(),
            GroupOperationKind.TransferLeadership => Transfer(operation.Target),
            _ => $"There is no operation {operation.Kind}.",
        };
        Publish();
        operation.Complete(Status, refusal);
    }

    private void AnswerInspections(UInt128? stateHash)
    {
        Publish(stateHash);
        foreach (GroupOperation inspection in _inspections)
            inspection.Complete(Status, null);
        _inspections.Clear();
    }

    /// <summary>Hands leadership to whoever is closest; false where this node doesn't lead (any more), or there is nobody else.</summary>
    public bool HandOver() => IsLeader && Transfer(null) is null;

    private string? Transfer(string? targetName)
    {
        if (!IsLeader)
            return "This node doesn't lead the group.";
        if (targetName is null)
            return _core.StepDown() ? null : "No other voter is near enough to take over.";
        RaftId target = _node.Cluster.MemberNamed(targetName)?.Id ?? RaftId.None;
        if (target.IsNone)
            return $"The cluster has no member '{targetName}'.";
        if (target == _node.Identity.RaftId)
            return "This node leads already.";
        if (!_core.Status.Configuration.IsVoter(target))
            return $"'{targetName}' is no voter of the group.";
        _core.TransferLeadership(target);
        return null;
    }

    private RaftId ClosestVoter(Func<RaftId, bool>? except = null)
    {
        RaftId closest = RaftId.None;
        ulong best = 0;
        foreach (RaftId voter in _core.Status.Configuration.Voters)
        {
            if (voter == _node.Identity.RaftId || _core.ProgressOf(voter) is not { } progress || except?.Invoke(voter) == true)
                continue;
            // Somebody who was heard from lately, before somebody who is closer and perhaps dead.
            ulong closeness = progress.Match + (progress.RecentlyActive ? 1UL << 62 : 0);
            if (closest.IsNone || closeness > best)
                (closest, best) = (voter, closeness);
        }

        return closest;
    }
}
