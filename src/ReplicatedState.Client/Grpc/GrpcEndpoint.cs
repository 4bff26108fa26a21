using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Grpc;

/// <summary>A node over gRPC: one connection, one stream on it, opened when needed and again after it ended.</summary>
public sealed partial class GrpcEndpoint : IClientEndpoint
{
    private readonly Lock _gate = new();
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _opening;
    private readonly CircuitBreakerManualControl _breakerControl = new();
    private readonly CircuitBreakerStateProvider _breakerState = new();
    private CallStream? _stream;
    private Task _serving = Task.CompletedTask;
    private bool _disposed;

    /// <summary>An endpoint that connects when it is first used.</summary>
    public GrpcEndpoint(string address, ReplicatedStateClientOptions options, ILogger<GrpcEndpoint> logger)
    {
        Address = address;
        _time = options.TimeProvider;
        _logger = logger;
        _channel = GrpcConnection.Open(address, options);
        _invoker = _channel.CreateCallInvoker();
        _opening = CreateOpening(options);
    }

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public ValueTask<EndpointReply> SendAsync(in ClientRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Stream() is { } stream && stream.TrySend(request, cancellationToken, out ValueTask<EndpointReply> reply)
            ? reply
            : ValueTask.FromResult(EndpointReply.NotSent($"{Address} can't be reached."));
    }

    /// <inheritdoc/>
    public void Encourage()
    {
        // Closing completes at once. The state is asked first, because closing a closed circuit would forget its failures.
        if (_breakerState.CircuitState != CircuitState.Closed)
            _breakerControl.CloseAsync().GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task serving;
        lock (_gate)
        {
            _disposed = true;
            _stream?.Dispose();
            serving = _serving;
        }

        await serving.ConfigureAwait(false);
        _channel.Dispose();
    }

    private CallStream? Stream()
    {
        lock (_gate)
        {
            if (_disposed)
                return null;
            if (_stream is { IsClosed: false })
                return _stream;

            // What belongs to whoever happens to call first must not live on in a loop that serves everybody.
            using (DetachedFlow.Enter())
            {
                _stream = new CallStream(_time);
                _serving = ServeAsync(_stream);
            }

            return _stream;
        }
    }

    private async Task ServeAsync(CallStream stream)
    {
        try
        {
            await _opening.ExecuteAsync(
                static async (state, cancellation) => await state.stream.OpenAsync(state._invoker, cancellation).ConfigureAwait(false),
                (stream, _invoker),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or BrokenCircuitException or TimeoutRejectedException or OperationCanceledException)
        {
            string reason = e is RpcException rpc ? rpc.Status.Detail : e.Message;
            stream.End(reason);
            LogNotOpened(_logger, Address, reason);
            return;
        }

        LogOpened(_logger, Address);
        string end = await stream.ServeAsync().ConfigureAwait(false);
        LogEnded(_logger, Address, end);
    }

    private ResiliencePipeline CreateOpening(ReplicatedStateClientOptions options)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = _time };
        ResilienceOptions resilience = options.Resilience;
        if (resilience.EnableCircuitBreaker)
        {
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RpcException>().Handle<TimeoutRejectedException>(),
                FailureRatio = 1.0,
                MinimumThroughput = resilience.CircuitBreakerThreshold,
                SamplingDuration = resilience.CircuitBreakerTimeout,
                BreakDuration = resilience.CircuitBreakerTimeout,
                ManualControl = _breakerControl,
                StateProvider = _breakerState,
            });
        }

        // Polly's own least timeout is 10 ms.
        TimeSpan least = TimeSpan.FromMilliseconds(10);
        return builder.AddTimeout(options.ConnectTimeout > least ? options.ConnectTimeout : least).Build();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The stream to {Address} is open.")]
    private static partial void LogOpened(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The stream to {Address} could not be opened: {Reason}")]
    private static partial void LogNotOpened(ILogger logger, string address, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The stream to {Address} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, string address, string reason);
}
