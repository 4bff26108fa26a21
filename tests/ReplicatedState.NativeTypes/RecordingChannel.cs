namespace ReplicatedState.NativeTypes;

/// <summary>A channel that keeps the last reply as it was encoded.</summary>
internal sealed class RecordingChannel(IStateMachineChannel inner) : IStateMachineChannel
{
    public byte[] LastReply { get; private set; } = [];

    public SessionToken SessionToken => inner.SessionToken;

    public RequestBuffer RentRequest() => inner.RentRequest();

    public async ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) => Keep(await inner.CommandAsync(request, cancellationToken));

    public async ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
        Keep(await inner.QueryAsync(request, consistency, cancellationToken));

    public IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
        inner.QueryPagesAsync(request, consistency, cancellationToken);

    public IStateMachineChannel WithSession(SessionToken token = default) => new RecordingChannel(inner.WithSession(token));

    public IStateMachineChannel WithIdempotencyKey(string key) => new RecordingChannel(inner.WithIdempotencyKey(key));

    private ReplyBuffer Keep(ReplyBuffer reply)
    {
        LastReply = reply.Bytes.ToArray();
        return reply;
    }
}
