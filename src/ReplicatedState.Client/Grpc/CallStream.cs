using Grpc.Core;
using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Grpc;

/// <summary>One pipelined stream to a node: calls go out in batches, answers come back in any order. It ends once, and every call on it with it.</summary>
/// <remarks>
/// Calls are taken in before the connection stands, so that nobody waits for it twice. A call whose bytes were never handed
/// to gRPC ends as <see cref="Delivery.NotSent"/>: ids only grow, so one number separates those from the <see cref="Delivery.Lost"/>.
/// </remarks>
internal sealed class CallStream : IDisposable
{
    private const long QueuedBytesMax = 64 * 1024 * 1024;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(100);
    private static readonly Action<object?, CancellationToken> OnCancelled = static (state, token) =>
    {
        var pending = (PendingReply)state!;
        (pending.Owner as CallStream)?.Cancel(pending, token);
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingReply> _pending = [];
    private readonly OutgoingBatches _outgoing = new(ClientProtocol.BatchSizeTarget);
    private readonly List<ulong> _overdue = [];
    private readonly WakeSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private AsyncDuplexStreamingCall<WireMessage, WireMessage>? _call;
    private ulong _lastId;
    private ulong _handedOver;
    private bool _sweeping;
    private bool _closed;

    public CallStream(TimeProvider time)
    {
        _time = time;
        _stopped = _stop.Token;
        _sweep = time.CreateTimer(static state => ((CallStream)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when no call can be sent any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _closed;
        }
    }

    /// <summary>Queues a call; false where the stream has ended.</summary>
    public bool TrySend(in ClientRequest request, CancellationToken cancellationToken, out ValueTask<EndpointReply> reply)
    {
        lock (_gate)
        {
            if (_closed)
            {
                reply = default;
                return false;
            }

            if (_outgoing.QueuedBytes > QueuedBytesMax)
            {
                reply = ValueTask.FromResult(new EndpointReply
                {
                    Status = ReplyStatus.Overloaded,
                    Message = $"{_outgoing.QueuedBytes} bytes of calls wait in this process for the network.",
                });
                return true;
            }

            Enqueue(request, cancellationToken, out reply);
        }

        _signal.Set();
        return true;
    }

    /// <summary>Opens the stream: returns once the node has accepted it.</summary>
    /// <exception cref="RpcException">The node can't be reached or doesn't want it.</exception>
    /// <exception cref="OperationCanceledException">The node takes the connection, but not the stream.</exception>
    public async Task OpenAsync(CallInvoker invoker, CancellationToken cancellationToken)
    {
        _call = invoker.AsyncDuplexStreamingCall(ClientProtocol.Call, null, new CallOptions(cancellationToken: _stopped));
        await _call.ResponseHeadersAsync.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes and reads until the opened stream ends.</summary>
    /// <returns>Why it ended. Whatever the reason is, it is the reason of every call that was under way.</returns>
    public async Task<string> ServeAsync()
    {
        string reason = "the node ended the stream";
        Task writing = WriteAsync(_call!.RequestStream);
        try
        {
            while (await _call.ResponseStream.MoveNext(_stopped).ConfigureAwait(false))
                Receive(_call.ResponseStream.Current);
        }
        catch (Exception e)
        {
            reason = e is RpcException rpc ? rpc.Status.Detail : e.Message;
        }

        End(reason);
        await writing.ConfigureAwait(false);
        return reason;
    }

    /// <summary>Ends the stream: calls that were never sent are known not to be, all others are lost.</summary>
    public void End(string reason)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            foreach ((ulong id, PendingReply pending) in _pending)
                pending.Settle(id > _handedOver ? EndpointReply.NotSent(reason) : EndpointReply.Lost(reason));
            _pending.Clear();
            _outgoing.Clear();
            _sweep.Dispose();
        }

        // Disposing the call cancels it, where it did not end by itself; that also frees a write that waits for the node to read.
        _call?.Dispose();
        _signal.Set();
    }

    /// <summary>Ends the stream and its connection's part in it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        End("the client was disposed");
    }

    private void Enqueue(in ClientRequest request, CancellationToken cancellationToken, out ValueTask<EndpointReply> reply)
    {
        ulong id = ++_lastId;
        int size = ClientRequestCodec.Measure(id, request);
        var writer = new ProtoWriter(_outgoing.Append(ProtoWriter.SizeOfFrame(size)));
        writer.Frame(ClientProtocol.BatchItem, size);
        ClientRequestCodec.Write(ref writer, id, request);

        PendingReply pending = PendingReply.Rent();
        pending.Id = id;
        pending.Owner = this;
        pending.Deadline = request.Timeout > TimeSpan.Zero
            ? _time.GetTimestamp() + (long)(request.Timeout.TotalSeconds * _time.TimestampFrequency)
            : long.MaxValue;
        reply = pending.Task;
        _pending.Add(id, pending);
        if (!_sweeping)
        {
            _sweeping = true;
            _sweep.Change(SweepInterval, Timeout.InfiniteTimeSpan);
        }

        pending.Watch(OnCancelled, cancellationToken);
    }

    private async Task WriteAsync(IClientStreamWriter<WireMessage> writer)
    {
        try
        {
            while (true)
            {
                WireMessage? message;
                lock (_gate)
                {
                    if (_closed)
                        return;
                    message = _outgoing.Take();
                    if (message is not null)
                        _handedOver = _lastId;
                }

                if (message is null)
                {
                    await _signal.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                using (message)
                    await writer.WriteAsync(message).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is RpcException or HttpRequestException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // A write may meet a connection's end before gRPC does, and reports it as HTTP's. The reading side meets the same end and leaves its loop by itself.
            End(e is RpcException rpc ? rpc.Status.Detail : e.Message);
        }
    }

    private void Receive(WireMessage message)
    {
        using (message)
        {
            var batch = new ProtoReader(message.Bytes);
            while (batch.TryReadField(out int number))
            {
                if (number != ClientProtocol.BatchItem)
                {
                    batch.Skip();
                    continue;
                }

                ClientReplyFields fields = ClientReplyFields.Parse(batch.Bytes());
                PendingReply? pending;
                lock (_gate)
                    _pending.Remove(fields.Id, out pending);

                // Nobody waits any more where the caller gave up or the attempt took too long.
                pending?.Settle(fields.ToReply());
            }
        }
    }

    private void Cancel(PendingReply pending, CancellationToken token)
    {
        lock (_gate)
        {
            if (!_pending.TryGetValue(pending.Id, out PendingReply? found) || !ReferenceEquals(found, pending))
                return;
            _pending.Remove(pending.Id);
        }

        pending.SettleCancelled(token);
    }

    private void Sweep()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            foreach ((ulong id, PendingReply pending) in _pending)
            {
                if (pending.Deadline <= now)
                    _overdue.Add(id);
            }

            foreach (ulong id in _overdue)
            {
                _pending.Remove(id, out PendingReply? pending);
                // Its bytes may still wait to be sent, so nothing but Lost would be true.
                pending!.Settle(EndpointReply.Lost("the node did not answer in time"));
            }

            _overdue.Clear();
            _sweeping = _pending.Count > 0 && !_closed;
            if (_sweeping)
                _sweep.Change(SweepInterval, Timeout.InfiniteTimeSpan);
        }
    }
}
