using Grpc.Core;
using ReplicatedState.Client.Grpc;
using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Tests.Grpc;

public sealed class CallStreamTests
{
    /// <summary>What .NET's HTTP/2 throws at a write on a connection that just ended; gRPC passes it on as it is.</summary>
    [Fact]
    public async Task A_write_that_fails_below_gRPC_ends_the_stream_like_any_other_end()
    {
        using var stream = new CallStream(TimeProvider.System);
        await stream.OpenAsync(new BreakingInvoker(), CancellationToken.None);
        Assert.True(stream.TrySend(default, CancellationToken.None, out ValueTask<EndpointReply> reply));
        await stream.ServeAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Delivery.Lost, (await reply).Delivery);
        Assert.True(stream.IsClosed);
    }

    /// <summary>Takes a stream, fails the first write, and ends the reading after that.</summary>
    private sealed class BreakingInvoker : CallInvoker, IClientStreamWriter<WireMessage>, IAsyncStreamReader<WireMessage>
    {
        private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WriteOptions? WriteOptions { get; set; }

        public WireMessage Current => throw new InvalidOperationException("Nothing was received.");

        public Task WriteAsync(WireMessage message) => throw new HttpRequestException("The request was aborted.");

        public Task CompleteAsync() => Task.CompletedTask;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => _ended.Task;

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            new((IClientStreamWriter<TRequest>)(object)this, (IAsyncStreamReader<TResponse>)(object)this, Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess, () => Metadata.Empty, () => _ended.TrySetException(new RpcException(new Status(StatusCode.Cancelled, "cancelled"))));

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }
}
