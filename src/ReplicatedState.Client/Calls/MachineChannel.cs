using System.Runtime.CompilerServices;
using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>The channel that a generated client of one machine sends its calls over.</summary>
/// <param name="environment">What all calls of the client share.</param>
/// <param name="route">How the calls travel.</param>
/// <param name="seen">What the calls of the channel's session have seen.</param>
/// <param name="key">The idempotency key of all commands; empty for none: then they have sessions.</param>
internal sealed class MachineChannel(CallEnvironment environment, MachineRoute route, SeenHistory seen, ReadOnlyMemory<byte> key = default) : IStateMachineChannel
{
    public RequestBuffer RentRequest() => RequestBuffer.Rent();

    public IStateMachineChannel WithIdempotencyKey(string key) => new MachineChannel(environment, route, seen, IdempotencyKey.Encode(key));

    public SessionToken SessionToken => seen.Token;

    public IStateMachineChannel WithSession(SessionToken token) => new MachineChannel(environment, route, new SeenHistory(token), key);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken)
    {
        CommandCall? call = null;
        AttemptOutcome outcome = default;
        try
        {
            Admit(request, cancellationToken);
            call = route.Commands.Rent();
            call.Begin(request, key, seen);

            // The first attempt is spelled out: as an asynchronous method of its own it would cost every call an object, pooling or not.
            await call.PrepareAsync(cancellationToken).ConfigureAwait(false);
            IClientEndpoint endpoint = call.Target;
            outcome = call.Judge(await call.SendAsync(endpoint, cancellationToken).ConfigureAwait(false), endpoint);
            return outcome.RetryAfter is null
                ? Result(outcome)
                : Result(await environment.Retries.ContinueAsync(call, outcome, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            call?.Finish();
            if (outcome.IsSuccess)
                route.Commands.Return(call!);
            request.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        QueryCall? call = null;
        AttemptOutcome outcome = default;
        try
        {
            Admit(request, cancellationToken);
            call = route.Queries.Rent();
            call.Begin(request, consistency, seen);
            IClientEndpoint endpoint = call.Target;
            outcome = call.Judge(await call.SendAsync(endpoint, cancellationToken).ConfigureAwait(false), endpoint);
            return outcome.RetryAfter is null
                ? Result(outcome)
                : Result(await environment.Retries.ContinueAsync(call, outcome, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            call?.Finish();
            if (outcome.IsSuccess)
                route.Queries.Return(call!);
            request.Dispose();
        }
    }

    public IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
        PagedCall.ReadAsync(environment, route, seen, request, consistency, cancellationToken);

    public async ValueTask<EventPage> ReadEventsAsync(EventRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        environment.Retries.ThrowIfClosed();
        using RequestBuffer payload = RequestBuffer.Rent();
        request.Write(payload);
        var call = new WatchCall(environment, route, payload, request.From, seen);
        AttemptOutcome outcome = await call.AttemptAsync(cancellationToken).ConfigureAwait(false);
        if (outcome.RetryAfter is not null)
            outcome = await environment.Retries.ContinueAsync(call, outcome, cancellationToken).ConfigureAwait(false);
        if (outcome.Error is not { } error)
            return new EventPage(outcome.Reply.Body, outcome.Reply.Group, outcome.Reply.Epoch);

        // A watch that has begun asks again at once, and where retries are off or few the call has not waited for anything yet.
        if (request.From.Group != 0)
            await Task.Delay(environment.Options.Resilience.RetryDelay, environment.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        throw error;
    }

    private static ReplyBuffer Result(in AttemptOutcome outcome) => outcome.Error is { } error ? throw error : outcome.Reply.Body with { Index = outcome.Reply.Index, Term = outcome.Reply.Term };

    private void Admit(RequestBuffer request, CancellationToken cancellationToken) => environment.Admit(request, cancellationToken);
}
