using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Requests;

/// <summary>How a group's calls end: every one exactly once, with its payload given up and its place in the node's bound freed.</summary>
internal sealed class Completions(GroupId group, AdmissionLimit limit)
{
    /// <summary>Who leads the group, as far as the shard knows; set when it changes.</summary>
    public LeaderHint Leader { get; set; }

    public void Complete(NodeRequest request, in NodeReply reply)
    {
        request.Payload.Release();
        request.Payload = default;
        limit.Leave();
        request.Complete(reply);
    }

    public void Refuse(NodeRequest request, ReplyStatus status, string message, string? code = null) =>
        Complete(request, new NodeReply { Status = status, Message = message, Code = code });

    /// <summary>Definitely not executed: somebody else leads, or nobody.</summary>
    public void NotLeader(NodeRequest request)
    {
        LeaderHint leader = Leader;
        if (leader.Name is null)
            Refuse(request, ReplyStatus.NoLeader, $"Group {group} has no leader that this node knows of.");
        else
            Complete(request, new NodeReply
            {
                Status = ReplyStatus.NotLeader,
                Message = $"Node {leader.Name} leads group {group}.",
                LeaderName = leader.Name,
                LeaderAddress = leader.Address,
            });
    }

    public void OutcomeUnknown(NodeRequest request, string message) => Refuse(request, ReplyStatus.OutcomeUnknown, message);
}

/// <summary>Where a group's leader is to be found.</summary>
/// <param name="Name">Its name; null where nobody leads, as far as known, or this node itself has just ceased to.</param>
/// <param name="Address">Its address for peers and clients.</param>
internal readonly record struct LeaderHint(string? Name, string? Address);
