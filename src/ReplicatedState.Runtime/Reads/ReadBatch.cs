using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Reads;

/// <summary>The queries that share one question to the leader: from which index on may we answer?</summary>
internal sealed class ReadBatch
{
    /// <summary>The question's number; never used for another.</summary>
    public ulong Sequence { get; set; }

    /// <summary>From which applied index on the queries may be answered; null until the leader has told.</summary>
    public ulong? Index { get; set; }

    /// <summary>The queries.</summary>
    public List<NodeRequest> Queries { get; } = [];
}
