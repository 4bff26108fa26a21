using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Grpc.Peers;

namespace ReplicatedState.Transport.Grpc;

/// <summary>Moves frames between nodes over gRPC: dials peers itself, and hears those that dial it through the services that hosting maps. Safe for concurrent use.</summary>
/// <remarks>Disposing it also ends the streams of peers and clients that the services hold, so that the server can stop without waiting for them.</remarks>
public sealed class GrpcTransport : ITransport
{
    private readonly TimeProvider _time;
    private readonly ILogger<GrpcTransport> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private ITransportReceiver? _receiver;

    /// <summary>A transport that serves once it is started and dials once it is told to.</summary>
    /// <exception cref="InvalidConfigurationException">An option can't be used.</exception>
    public GrpcTransport(IOptions<GrpcTransportOptions> options, ILogger<GrpcTransport> logger, TimeProvider? time = null)
    {
        options.Value.Validate();
        Options = options.Value;
        _logger = logger;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The settings.</summary>
    internal GrpcTransportOptions Options { get; }

    /// <summary>Who hears the peers; null before the start.</summary>
    internal ITransportReceiver? Receiver => Volatile.Read(ref _receiver);

    /// <summary>Cancelled when the transport is disposed.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <inheritdoc/>
    public void Start(ITransportReceiver receiver)
    {
        if (Interlocked.CompareExchange(ref _receiver, receiver, null) is not null)
            throw new InvalidOperationException("The transport has been started before.");
    }

    /// <inheritdoc/>
    public IPeerLink Connect(string address, IPeerDialler dialler)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        return new PeerLink(address, dialler, Options, _time, _logger);
    }

    /// <summary>Ends all streams that were taken in. Links that were dialled belong to those who dialled them.</summary>
    /// <remarks>The token source is left to the garbage collector: streams that are just being opened still look at it.</remarks>
    public void Dispose() => _stopping.Cancel();
}
