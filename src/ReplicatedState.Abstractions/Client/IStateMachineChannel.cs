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

    /// <summary>Answers a query that gives a sequence, all of it from one applied index: each page is a MessagePack array of items.</summary>
    /// <remarks>To be enumerated once; whoever gets a page disposes it. Ending the enumeration early frees what the node keeps of the result.</remarks>
    /// <exception cref="ConsensusException">The query was refused or failed: see the derived types; after the first page <see cref="ResultInterruptedException"/>.</exception>
    IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken);

    /// <summary>
    /// The machine's events of one kind from a position on: waits until there is one, or a while has passed, whichever comes first. The same position on any node, before and after any change of leaders, gives the
    /// same events.
    /// </summary>
    /// <remarks>A page may be empty; it says where to go on in any case. Where the position is <see cref="EventPosition.Now"/> the page is empty and comes at once.</remarks>
    /// <exception cref="TooFarBehindException">Events from the position on are no longer kept.</exception>
    /// <exception cref="ConsensusException">The call was refused or failed: see the derived types.</exception>
    /// <exception cref="NotSupportedException">The channel has no way to events: such as one that a test made for calls alone.</exception>
    ValueTask<EventPage> ReadEventsAsync(EventRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{GetType().Name} is a channel for commands and queries, and hands out no events.");

    /// <summary>What the calls of this channel have seen by now: take it out before the session goes on elsewhere.</summary>
    SessionToken SessionToken { get; }

    /// <summary>The same channel for a session of its own, such as one user's: its queries at <see cref="ReadConsistency.Session"/> see what its own calls have seen, and what the token says.</summary>
    /// <remarks>
    /// Calls of channels from which no session was made belong to one that all of the client's share. A session is only remembered by the client: it costs the cluster nothing and
    /// is never closed.
    /// </remarks>
    /// <param name="token">What the session has seen before, through this client or another; the default for nothing.</param>
    IStateMachineChannel WithSession(SessionToken token = default);

    /// <summary>The same channel for calls that carry an idempotency key: commands under it are executed once, whoever sends them, and all get the first one's reply.</summary>
    /// <remarks>
    /// The key belongs to one command of one machine instance: any further command under it gets the first one's reply, whatever it asks for. The group keeps the reply
    /// for its time to live, counted from the first execution. Queries ignore the key.
    /// </remarks>
    /// <param name="key">1 to <see cref="IdempotencyKey.BytesMax"/> bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The key is null, empty, too long or no Unicode text; the message names it.</exception>
    IStateMachineChannel WithIdempotencyKey(string key);
}
