using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>One attempt of a client's call, and the answer that it got.</summary>
internal sealed class SimulatedRequest(Action<SimulatedRequest> onComplete) : NodeRequest
{
    /// <summary>How often the node answered; anything but one is a broken promise.</summary>
    public int Answers { get; private set; }

    /// <summary>Called instead of an answer where nobody listens.</summary>
    public Action<SimulatedRequest>? OnUnreachable { get; init; }

    /// <summary>Called instead of an answer where the node went down with the call.</summary>
    public Action<SimulatedRequest>? OnLost { get; init; }

    public ReplyStatus Status { get; private set; }

    public byte[] Body { get; private set; } = [];

    public ulong Index { get; private set; }

    /// <summary>What whoever gets the answer has seen.</summary>
    public SessionToken Seen { get; private set; }

    public string? Sentence { get; private set; }

    public ulong Term { get; private set; }

    public string? Code { get; private set; }

    public string? LeaderName { get; private set; }

    public string? LeaderAddress { get; private set; }

    public uint Group { get; private set; }

    public uint Epoch { get; private set; }

    /// <summary>What the next page is asked for with.</summary>
    public ulong NextCursor { get; private set; }

    public override void Complete(in NodeReply reply)
    {
        Answers++;
        Status = reply.Status;
        Body = reply.Body.ToArray();
        Index = reply.Index;
        Seen = new SessionToken(reply.Group, reply.Epoch, reply.Index);
        Sentence = reply.Message;
        LeaderName = reply.LeaderName;
        LeaderAddress = reply.LeaderAddress;
        Term = reply.Term;
        Code = reply.Code;
        Group = reply.Group;
        Epoch = reply.Epoch;
        NextCursor = reply.Cursor;
        onComplete(this);
    }
}
