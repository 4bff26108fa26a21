using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ReplicatedState.Client.Calls;

/// <summary>Sends a call until it ends or its time is over. Only calls whose first attempt did not settle them come here.</summary>
internal sealed class RetryLoop : IDisposable
{
    private static readonly ResiliencePropertyKey<RetriedCall> CallKey = new("replicatedstate.call");
    private readonly CancellationTokenSource _closing = new();
    private readonly ResiliencePipeline<AttemptOutcome> _pipeline;

    public RetryLoop(TimeProvider time) => _pipeline = new ResiliencePipelineBuilder<AttemptOutcome> { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = static args => new(Remaining(args.Context)) })
        .AddRetry(new RetryStrategyOptions<AttemptOutcome>
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = static args => new(args.Outcome is { Exception: null, Result.RetryAfter: not null }),
            DelayGenerator = static args => new(args.Outcome.Result.RetryAfter),
        })
        .Build();

    /// <summary>Refuses calls of a client that was disposed.</summary>
    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(ReplicatedStateClient));

    /// <summary>Goes on with a call after its first attempt.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<AttemptOutcome> ContinueAsync(RetriedCall call, AttemptOutcome first, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        ResilienceContext context = ResilienceContextPool.Shared.Get(either.Token);
        context.Properties.Set(CallKey, call);
        try
        {
            Outcome<AttemptOutcome> outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, state) =>
                {
                    // The first attempt was made before; Polly only learns of it here.
                    if (state.First is { } first)
                    {
                        state.First = null;
                        return Outcome.FromResult(first);
                    }

                    try
                    {
                        return Outcome.FromResult(await state.Call.AttemptAsync(context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext));
                    }
                    catch (Exception e)
                    {
                        return Outcome.FromException<AttemptOutcome>(e);
                    }
                },
                context,
                new Run(call) { First = first }).ConfigureAwait(false);
            return outcome.Exception switch
            {
                null => outcome.Result,
                TimeoutRejectedException => AttemptOutcome.Failed(call.Expire()),
                OperationCanceledException when cancellationToken.IsCancellationRequested => throw new OperationCanceledException(cancellationToken),
                OperationCanceledException => AttemptOutcome.Failed(call.Expire()),
                ConsensusException refusal => AttemptOutcome.Failed(call.End(refusal)),
                { } bug => throw new InvalidOperationException("An attempt of a call failed in an unforeseen way.", bug),
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Ends every call that is being sent again.</summary>
    /// <remarks>The source itself stays usable, because calls that are just being judged still link to it; without a timer it holds nothing.</remarks>
    public void Dispose() => _closing.Cancel();

    private static TimeSpan Remaining(ResilienceContext context)
    {
        TimeSpan remaining = context.Properties.GetValue(CallKey, null!).Remaining;
        return remaining > TimeSpan.FromMilliseconds(1) ? remaining : TimeSpan.FromMilliseconds(1);
    }

    private sealed class Run(RetriedCall call)
    {
        public RetriedCall Call { get; } = call;

        public AttemptOutcome? First { get; set; }
    }
}
