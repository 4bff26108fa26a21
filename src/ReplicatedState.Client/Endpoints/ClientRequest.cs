namespace ReplicatedState.Client;

/// <summary>One attempt of a call, as an <see cref="IClientEndpoint"/> sends it.</summary>
public readonly struct ClientRequest
{
    /// <summary>What is asked.</summary>
    public required ClientCallKind Kind { get; init; }

    /// <summary>The machine instance; null where the cluster hosts only one.</summary>
    public string? Machine { get; init; }

    /// <summary>Commands: the session, or 0 for none. CloseSession: which one.</summary>
    public ulong Session { get; init; }

    /// <summary>Commands in a session: counts from 1; a retry repeats it.</summary>
    public ulong Sequence { get; init; }

    /// <summary>Commands in a session: every sequence up to this one has been answered, or will never be sent again.</summary>
    public ulong AcknowledgedUpTo { get; init; }

    /// <summary>Commands without a session: up to 64 bytes under which the reply is kept; empty for none.</summary>
    public ReadOnlyMemory<byte> IdempotencyKey { get; init; }

    /// <summary>Queries: how recent.</summary>
    public ReadConsistency Consistency { get; init; }

    /// <summary>Queries: the result is a sequence and wanted in pages.</summary>
    public bool InPages { get; init; }

    /// <summary>Page: which result, as <see cref="EndpointReply.Cursor"/> said.</summary>
    public ulong Cursor { get; init; }

    /// <summary>Page: which page, from 1 on, and never further than one behind the last that arrived; 0 where no more are wanted.</summary>
    public uint Page { get; init; }

    /// <summary>The encoded command or query. Read before <see cref="IClientEndpoint.SendAsync"/> returns, never later.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How long this attempt may take; the endpoint ends it as <see cref="Delivery.Lost"/> afterwards. Not positive for no limit.</summary>
    public TimeSpan Timeout { get; init; }
}
