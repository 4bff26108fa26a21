using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Reads;

/// <summary>The queries that share one question to the leader: from which index on may we answer?</summary>
internal sealed class ReadBatch
{
    /// <summary>The question's number; never used for another.</summary>
    public ulong Sequence { get; set; }

    /// <summary>What the leader said; null until it has told.</summary>
    public ConfirmedRead? Confirmed { get; set; }

    /// <summary>True where each query waits for the index that its session has seen, and the leader is only asked whether there is such an index.</summary>
    public bool IsOfSessions { get; set; }

    /// <summary>True where the result of one of the queries is wanted in pages.</summary>
    public bool HasInPages { get; private set; }

    /// <summary>The queries.</summary>
    public List<NodeRequest> Queries { get; } = [];

    /// <summary>True where a lease answered: it must still hold when the reply leaves.</summary>
    public bool IsByLease => Confirmed is { LeaseTerm: > 0 };

    /// <summary>Adds a query.</summary>
    public void Add(NodeRequest query)
    {
        Queries.Add(query);
        HasInPages |= query.InPages;
    }

    /// <summary>Whether any of the queries may be answered from a state that has applied so much.</summary>
    public bool IsReady(ulong applied)
    {
        if (!IsOfSessions)
            return Confirmed is { } read && read.Index <= applied;
        foreach (NodeRequest query in Queries)
        {
            if (query.Consistency.Token.Index <= applied)
                return true;
        }

        return false;
    }

    /// <summary>Forgets everything, to be used again.</summary>
    public void Clear()
    {
        Queries.Clear();
        Confirmed = null;
        IsOfSessions = false;
        HasInPages = false;
    }
}
