namespace ReplicatedState.Runtime.Requests;

/// <summary>The node's answer to a <see cref="NodeRequest"/>.</summary>
public readonly ref struct NodeReply
{
    /// <summary>How the call ended.</summary>
    public ReplyStatus Status { get; init; }

    /// <summary>Ok: the encoded result.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Commands: the entry's index. Queries: the index that the state had applied.</summary>
    public ulong Index { get; init; }

    /// <summary>Commands: the entry's term.</summary>
    public ulong Term { get; init; }

    /// <summary>Rejected: the machine's code. Failed: the exception's type name.</summary>
    public string? Code { get; init; }

    /// <summary>Anything but Ok: a sentence for a human.</summary>
    public string? Message { get; init; }

    /// <summary>NotLeader: the leader's name, as far as known.</summary>
    public string? LeaderName { get; init; }

    /// <summary>NotLeader: the leader's address for peers and clients, host:port.</summary>
    public string? LeaderAddress { get; init; }

    /// <summary>The number of the group; with <see cref="Epoch"/> and <see cref="Index"/> it is what the caller has seen. 0 where the call reached no group.</summary>
    public uint Group { get; init; }

    /// <summary>Queries in pages, and pages: what to ask for the next page with; 0 where this is the last.</summary>
    public ulong Cursor { get; init; }

    /// <summary>How often the cluster had been recovered by force.</summary>
    public uint Epoch { get; init; }
}
