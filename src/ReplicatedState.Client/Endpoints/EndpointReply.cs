namespace ReplicatedState.Client;

/// <summary>How one attempt ended. Whoever receives it disposes <see cref="Body"/>.</summary>
public readonly struct EndpointReply
{
    /// <summary>How far the attempt got. The other members but <see cref="Message"/> count only when it was answered.</summary>
    public Delivery Delivery { get; init; }

    /// <summary>The node's answer.</summary>
    public ReplyStatus Status { get; init; }

    /// <summary>Ok: the encoded result in pooled memory.</summary>
    public ReplyBuffer Body { get; init; }

    /// <summary>Commands: the entry's index. Queries: the index that the state had applied. OpenSession: the session.</summary>
    public ulong Index { get; init; }

    /// <summary>Commands: the entry's term.</summary>
    public ulong Term { get; init; }

    /// <summary>Rejected: the machine's code. Failed: the exception's type name.</summary>
    public string? Code { get; init; }

    /// <summary>Anything but Ok: a sentence for a human.</summary>
    public string? Message { get; init; }

    /// <summary>NotLeader: the leader's name, as far as known.</summary>
    public string? LeaderName { get; init; }

    /// <summary>NotLeader: the leader's address, host:port, as far as known.</summary>
    public string? LeaderAddress { get; init; }

    /// <summary>The number of the machine's group.</summary>
    public uint Group { get; init; }

    /// <summary>How often the cluster had been recovered by force.</summary>
    public uint Epoch { get; init; }

    /// <summary>Queries in pages, and pages: what to ask the same node for the next page with; 0 where this is the last.</summary>
    public ulong Cursor { get; init; }

    /// <summary>An attempt of which nothing was sent.</summary>
    public static EndpointReply NotSent(string reason) => new() { Delivery = Delivery.NotSent, Message = reason };

    /// <summary>An attempt that was sent and will not be answered.</summary>
    public static EndpointReply Lost(string reason) => new() { Delivery = Delivery.Lost, Message = reason };
}
