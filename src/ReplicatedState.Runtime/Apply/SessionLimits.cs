namespace ReplicatedState.Runtime.Apply;

/// <summary>How much a group remembers of its clients' calls in order to execute each of them once (Raft dissertation 6.3).</summary>
/// <remarks>
/// These decide what apply does, so they are equal on every replica: a group gets them from the entry that creates it (see <see cref="GroupGenesis"/>), never from
/// a node's own configuration, which only says what to propose for new groups.
/// </remarks>
public sealed record SessionLimits
{
    /// <summary>The limits of the system group, and of groups for which nothing else is asked.</summary>
    public static SessionLimits Default { get; } = new();

    /// <summary>Milliseconds of log time after which an unused session, or the reply kept under an idempotency key, is forgotten.</summary>
    public long TtlMs { get; init; } = 10 * 60 * 1000;

    /// <summary>The most open sessions; more are refused, none is evicted for them.</summary>
    public int SessionsMax { get; init; } = 65536;

    /// <summary>How far a session's sequence may run ahead of what its client acknowledged.</summary>
    public int WindowMax { get; init; } = 4096;

    /// <summary>Bytes of unacknowledged replies from which on a session executes nothing new.</summary>
    public int SessionReplyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>The longest reply in bytes that is kept for a retry; of a longer one only the fact remains.</summary>
    public int ReplyBytesMax { get; init; } = 64 * 1024;

    /// <summary>
    /// The most idempotency keys; more are refused, none is evicted for them. With the default time to live the default allows 436 keyed commands per second in
    /// the long run; sessions have no such bound, because their clients acknowledge.
    /// </summary>
    public int IdempotencyKeysMax { get; init; } = 262144;

    /// <summary>Bytes of kept replies and keys, of all clients of the group, from which on replies are not kept any more: as if they were too long.</summary>
    public long TotalReplyBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="ArgumentException">It is; the message names which.</exception>
    public void Validate()
    {
        Require(TtlMs is >= 1 and <= 365L * 24 * 3600 * 1000, "TtlMs must be between 1 ms and a year");
        Require(SessionsMax >= 1, "SessionsMax must be at least 1");
        Require(WindowMax is >= 1 and <= 1024 * 1024, "WindowMax must be between 1 and 1048576");
        Require(SessionReplyBytesMax >= 1, "SessionReplyBytesMax must be at least 1");
        Require(ReplyBytesMax is >= 0 and <= 16 * 1024 * 1024, "ReplyBytesMax must be between 0 and 16 MiB");
        Require(IdempotencyKeysMax is >= 1 and <= 16 * 1024 * 1024, "IdempotencyKeysMax must be between 1 and 16777216");
        Require(TotalReplyBytesMax >= 0, "TotalReplyBytesMax must not be negative");
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new ArgumentException($"Session limits: {sentence}.");
    }
}
