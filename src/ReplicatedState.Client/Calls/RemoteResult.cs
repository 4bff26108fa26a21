using MessagePack;

namespace ReplicatedState.Client.Calls;

/// <summary>The pages of a result that a node keeps, fetched one ahead of whoever consumes them. Used by one flow at a time.</summary>
internal sealed class RemoteResult(CallEnvironment environment, IClientEndpoint node, ulong cursor) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task<EndpointReply>? _next;
    private uint _page;
    private long _delivered;

    /// <summary>A page is about to be consumed: its items are counted, and the one behind it is fetched meanwhile.</summary>
    public void Begin(in EndpointReply page, CancellationToken cancellationToken)
    {
        _delivered += CountOf(page.Body);
        _page++;
        _next = page.Cursor == 0 ? null : FetchAsync(cancellationToken);
    }

    /// <summary>The next page; null where there is none.</summary>
    /// <exception cref="ResultInterruptedException">There is one, and it can't be had.</exception>
    public async ValueTask<EndpointReply?> NextAsync(CancellationToken cancellationToken)
    {
        if (_next is not { } next)
            return null;
        try
        {
            EndpointReply reply = await next.ConfigureAwait(false);
            _next = null;
            return reply;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _next = null;
            throw new OperationCanceledException(cancellationToken);
        }
        catch (ConsensusException obstacle)
        {
            _next = null;
            throw new ResultInterruptedException(
                $"The result was interrupted after {_delivered} items: {obstacle.Message} They are of one applied index, and only the node {node.Address} had the rest. Ask the query again to get all of it.",
                _delivered,
                obstacle);
        }
    }

    /// <summary>Lets go of the page that was fetched ahead, and tells the node, as far as it can be told, that nothing more is wanted.</summary>
    /// <remarks>Waits for neither: whoever stops early has something better to do.</remarks>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        if (_next is { } unwanted)
            _ = DiscardAsync(unwanted);
        _ = CloseAsync();
    }

    private async Task<EndpointReply> FetchAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var call = new PageCall(environment, node, cursor, _page);
        AttemptOutcome outcome = await call.AttemptAsync(either.Token).ConfigureAwait(false);
        if (outcome.RetryAfter is not null)
            outcome = await environment.Retries.ContinueAsync(call, outcome, either.Token).ConfigureAwait(false);
        return outcome.Error is { } error ? throw error : outcome.Reply;
    }

    private static async Task DiscardAsync(Task<EndpointReply> unwanted)
    {
        try
        {
            EndpointReply reply = await unwanted.ConfigureAwait(false);
            reply.Body.Dispose();
        }
        catch (Exception e) when (e is ConsensusException or OperationCanceledException)
        {
            // It was not to come any more.
        }
    }

    private async Task CloseAsync()
    {
        // What doesn't get through is let go by the node itself, some time later.
        EndpointReply reply = await node.SendAsync(
            new ClientRequest { Kind = ClientCallKind.Page, Cursor = cursor, Timeout = environment.Options.AttemptTimeout },
            CancellationToken.None).ConfigureAwait(false);
        reply.Body.Dispose();
    }

    private static int CountOf(in ReplyBuffer page)
    {
        try
        {
            return new MessagePackReader(page.Bytes).ReadArrayHeader();
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException)
        {
            throw new InvalidReplyException($"A page of a result is no array: {e.Message}", e);
        }
    }
}
