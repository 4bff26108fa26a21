using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Requests;

/// <summary>How a group's calls end: every one exactly once, with its payload given up and its place in the node's bound freed.</summary>
internal sealed class Completions(GroupId group, NodeContext node)
{
    private ulong _leader;

    /// <summary>Who else leads the group, as far as the shard knows; nobody where this node leads. Any thread.</summary>
    public RaftId Leader
    {
        get => new(Volatile.Read(ref _leader));
        set => Volatile.Write(ref _leader, value.Value);
    }

    public void Complete(NodeRequest request, in NodeReply reply)
    {
        request.Payload.Release();
        request.Payload = default;
        node.Admission.Leave();
        try
        {
            request.Complete(reply with { Group = group.Value, Epoch = node.Identity.Epoch });
        }
        catch (Exception failure)
        {
            // Whoever made the call can't take its answer: that is no reason to stop the node for all the others.
            node.Log.AnswerFailed(failure, group);
        }
    }

    public void Refuse(NodeRequest request, ReplyStatus status, string message, string? code = null) =>
        Complete(request, new NodeReply { Status = status, Message = message, Code = code });

    /// <summary>Definitely not executed: somebody else leads, or nobody.</summary>
    public void NotLeader(NodeRequest request)
    {
        RaftId leader = Leader;
        if (leader.IsNone)
        {
            Refuse(request, ReplyStatus.NoLeader, $"Group {group} has no leader that this node knows of.");
            return;
        }

        Member? member = node.MemberOf(leader);
        Complete(request, new NodeReply
        {
            Status = ReplyStatus.NotLeader,
            Message = $"Node {member?.Name ?? leader.ToString()} leads group {group}.",
            LeaderName = member?.Name,
            LeaderAddress = member?.PeerAddress,
        });
    }

    public void OutcomeUnknown(NodeRequest request, string message) => Refuse(request, ReplyStatus.OutcomeUnknown, message);
}
