using Grpc.Core;
using Polly;
using Polly.Retry;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>How often a peer that doesn't answer is tried: for ever, with jittered exponential waits, each attempt bounded in time.</summary>
internal static class Redial
{
    public static ResiliencePipeline Pipeline(GrpcTransportOptions options, TimeProvider time, Action<Exception> onFailure) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.ReconnectDelay,
                MaxDelay = options.ReconnectDelayMax,
                OnRetry = args =>
                {
                    if (args.Outcome.Exception is { } failure)
                        onFailure(failure);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(options.Timeout)
            .Build();

    /// <summary>A failure as one sentence for the log.</summary>
    public static string Reason(Exception failure) => failure is RpcException { Status.Detail.Length: > 0 } rpc ? rpc.Status.Detail : failure.Message;
}
