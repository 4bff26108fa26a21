using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.AspNetCore.Health;

/// <summary>Judges whether the node should be restarted, and whether it should be given work.</summary>
internal sealed class NodeHealth(ReplicatedNode node)
{
    /// <summary>How far applying may be behind what is known to be committed.</summary>
    private const ulong LagMax = 10_000;

    /// <summary>Why the process should be replaced; null while it shouldn't. Never depends on other nodes: restarting this one wouldn't bring them back.</summary>
    public string? WhyNotLive()
    {
        NodeStatus status = node.Status;
        return status.State is NodeState.Failed or NodeState.Stopped ? status.Failure?.Sentence ?? "The node has stopped." : null;
    }

    /// <summary>Why calls should go elsewhere; null where they may come.</summary>
    public string? WhyNotReady()
    {
        NodeStatus status = node.Status;
        if (status.State != NodeState.Running)
            return status.Failure?.Sentence ?? $"The node is {status.State.ToString().ToLowerInvariant()}.";
        if (status.Groups.Count == 0)
            return "The node has no groups yet.";
        foreach (GroupStatus group in status.Groups)
        {
            if (WhyNoWork(group) is { } reason)
                return reason;
        }

        return null;
    }

    private static string? WhyNoWork(GroupStatus group)
    {
        if (group.Quarantine is { } distrust)
            return distrust;
        if (group.HaltReason is { } halted)
            return $"The machine of group '{group.Name}' halted: {halted}";
        if (group.Leader == RaftId.None)
            return $"Group '{group.Name}' has no leader that this node knows of.";
        if (group.Commit > group.Applied + LagMax)
            return $"Group '{group.Name}' has applied {group.Applied} of {group.Commit} committed entries.";
        return null;
    }
}
