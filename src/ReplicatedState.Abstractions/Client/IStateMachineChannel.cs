namespace ReplicatedState;

/// <summary>Where a generated client sends its calls: over the network, or straight into a node of the same process.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IStateMachineChannel
{
    /// <summary>A pooled buffer to encode one call into. The channel's methods take it over and return it.</summary>
    RequestBuffer RentRequest();

    /// <summary>Executes a command exactly once and returns its encoded result.</summary>
    /// <exception cref="ConsensusException">The command was refused, failed, or its outcome is unknown: see the derived types.</exception>
    ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken);

    /// <summary>Answers a query at the given consistency.</summary>
    /// <exception cref="ConsensusException">The query was refused or failed: see the derived types.</exception>
    ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken);

    /// <summary>The same channel for calls that carry an idempotency key: commands under it are executed once, whoever sends them, and all get the first one's reply.</summary>
    /// <remarks>
    /// The key belongs to one command of one machine instance: any further command under it gets the first one's reply, whatever it asks for. The group keeps the reply
    /// for its time to live, counted from the first execution. Queries ignore the key.
    /// </remarks>
    /// <param name="key">1 to <see cref="IdempotencyKey.BytesMax"/> bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The key is null, empty, too long or no Unicode text; the message names it.</exception>
    IStateMachineChannel WithIdempotencyKey(string key);
}
