using System.Runtime.CompilerServices;

namespace ReplicatedState.Client.Calls;

/// <summary>The channel that a generated client of one machine sends its calls over.</summary>
internal sealed class MachineChannel(CallEnvironment environment, MachineRoute route) : IStateMachineChannel
{
    public RequestBuffer RentRequest() => RequestBuffer.Rent();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken)
    {
        CommandCall? call = null;
        try
        {
            Admit(request, cancellationToken);
            call = new CommandCall(environment, route, request);
            return await RunAsync(call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            call?.Finish();
            request.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        try
        {
            Admit(request, cancellationToken);
            return await RunAsync(new QueryCall(environment, route, request, consistency), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReplyBuffer> RunAsync(RetriedCall call, CancellationToken cancellationToken)
    {
        AttemptOutcome outcome = await call.AttemptAsync(cancellationToken).ConfigureAwait(false);
        if (outcome.RetryAfter is not null)
            outcome = await environment.Retries.ContinueAsync(call, outcome, cancellationToken).ConfigureAwait(false);
        return outcome.Error is { } error ? throw error : outcome.Reply.Body;
    }

    private void Admit(RequestBuffer request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        environment.Retries.ThrowIfClosed();
        int size = request.Written.Length;
        if (size > environment.Options.MaxMessageSize)
            throw new PayloadTooLargeException($"The encoded call has {size} bytes; at most {environment.Options.MaxMessageSize} are accepted.");
    }
}
