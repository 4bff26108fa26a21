using System.Buffers;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Polly;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The sending end of one lane to a peer: dials, greets, writes what is queued, and dials again when the stream ends.</summary>
internal sealed partial class LaneSender : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LaneQueue _queue;
    private readonly Lane _lane;
    private readonly string _address;
    private readonly CallInvoker _invoker;
    private readonly IPeerDialler _dialler;
    private readonly GrpcTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _dialling;
    private string? _lastFailure;

    public LaneSender(Lane lane, string address, CallInvoker invoker, IPeerDialler dialler, GrpcTransportOptions options, TimeProvider time, ILogger logger)
    {
        _lane = lane;
        _address = address;
        _invoker = invoker;
        _dialler = dialler;
        _options = options;
        _time = time;
        _logger = logger;
        _queue = new LaneQueue(options.MaxMessageSize, options.LaneQueueBytesMax);
        _dialling = Redial.Pipeline(options, time, OnDialFailed);
    }

    /// <summary>Keeps the lane open until disposed.</summary>
    public void Start()
    {
        using (DetachedFlow.Enter())
            _ = RunAsync();
    }

    /// <summary>Queues a frame, or drops it and says so.</summary>
    public bool TrySend(FrameBuffer frame) => _queue.TryAdd(frame);

    /// <summary>Closes the lane for good.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _queue.Close();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using AsyncDuplexStreamingCall<FramesMessage, WireMessage> stream = await _dialling.ExecuteAsync(
                    static async (lane, cancellation) => await lane.OpenAsync(cancellation).ConfigureAwait(false), this, _stop.Token).ConfigureAwait(false);
                LogUp(_logger, _lane, _address);
                _lastFailure = null;
                string reason = await ServeAsync(stream).ConfigureAwait(false);
                _stop.Token.ThrowIfCancellationRequested();
                LogDown(_logger, _lane, _address, reason);
                _dialler.OnDisconnected(_lane);

                // A peer that accepts and hangs up must not be dialled as fast as it hangs up.
                await Task.Delay(_options.ReconnectDelay, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception e)
        {
            LogBroken(_logger, e, _lane, _address);
            throw;
        }
    }

    private async ValueTask<AsyncDuplexStreamingCall<FramesMessage, WireMessage>> OpenAsync(CancellationToken cancellation)
    {
        // The call outlives the attempt to open it, so it hangs on the lane's own end.
        AsyncDuplexStreamingCall<FramesMessage, WireMessage> call = _invoker.AsyncDuplexStreamingCall(
            PeerProtocol.Dial(_lane), null, new CallOptions(cancellationToken: _stop.Token));
        try
        {
            await GreetAsync(call.RequestStream, cancellation).ConfigureAwait(false);
            if (!await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false))
                throw new WireFormatException("The peer hung up without a welcome.");

            // Open before the dialler hears of it, so that it may answer the welcome with frames at once.
            _queue.Open();
            using WireMessage welcome = call.ResponseStream.Current;
            if (!_dialler.OnWelcome(_lane, Frame(welcome)))
                throw new WireFormatException("The peer's welcome was not accepted.");
            return call;
        }
        catch
        {
            _queue.Close();
            call.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(IClientStreamWriter<FramesMessage> writer, CancellationToken cancellation)
    {
        var hello = new FramesMessage();
        FrameBuffer frame = FrameBuffer.Rent();
        _dialler.WriteHello(_lane, frame);
        hello.Add(frame);
        await writer.WriteAsync(hello, cancellation).ConfigureAwait(false);
        hello.Clear();
    }

    private static ReadOnlySequence<byte> Frame(WireMessage welcome)
    {
        var reader = new FramesReader(new ReadOnlySequence<byte>(welcome.Memory), int.MaxValue);
        return reader.TryRead(out ReadOnlySequence<byte> frame, out bool isDeflated) && !isDeflated ? frame : throw new WireFormatException("The peer's welcome is empty.");
    }

    private async Task<string> ServeAsync(AsyncDuplexStreamingCall<FramesMessage, WireMessage> stream)
    {
        Task<string?> writing = WriteAsync(stream.RequestStream);
        string reason = "the peer ended it";
        try
        {
            // Nothing follows the welcome, so this waits for the end.
            while (await stream.ResponseStream.MoveNext(_stop.Token).ConfigureAwait(false))
                stream.ResponseStream.Current.Dispose();
        }
        catch (Exception e) when (e is RpcException or HttpRequestException or OperationCanceledException or IOException)
        {
            reason = Redial.Reason(e);
        }

        _queue.Close();
        stream.Dispose();
        return await writing.ConfigureAwait(false) ?? reason;
    }

    /// <summary>Writes until the queue closes or the stream breaks; null, or why it broke.</summary>
    private async Task<string?> WriteAsync(IClientStreamWriter<FramesMessage> writer)
    {
        var message = new FramesMessage();

        // Never what elections and leases wait for.
        using FrameDeflater? deflater = _options.EnableCompression && _lane != Lane.Control ? new FrameDeflater(_options.CompressionLevel) : null;
        try
        {
            while (await _queue.FillAsync(message).ConfigureAwait(false))
            {
                if (deflater is not null)
                    message.Deflate(deflater);
                await writer.WriteAsync(message).ConfigureAwait(false);
                message.Clear();
            }

            return null;
        }
        catch (Exception e) when (e is RpcException or HttpRequestException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // A write may meet a connection's end before gRPC does, and reports it as HTTP's.
            message.Clear();
            return Redial.Reason(e);
        }
    }

    private void OnDialFailed(Exception failure)
    {
        string reason = Redial.Reason(failure);
        if (reason == _lastFailure)
            return;
        _lastFailure = reason;
        LogNotUp(_logger, _lane, _address, reason);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Lane} lane to {Address} is up.")]
    private static partial void LogUp(ILogger logger, Lane lane, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Lane} lane to {Address} is down: {Reason}")]
    private static partial void LogDown(ILogger logger, Lane lane, string address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Lane} lane to {Address} can't be opened and is tried again, quietly until the reason changes: {Reason}")]
    private static partial void LogNotUp(ILogger logger, Lane lane, string address, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The {Lane} lane to {Address} is given up after an unforeseen error.")]
    private static partial void LogBroken(ILogger logger, Exception error, Lane lane, string address);
}
