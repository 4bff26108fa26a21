using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>The answers of one client stream: written in batches by one loop, in whatever order the node completes them. Safe for concurrent use.</summary>
/// <remarks>A call is unanswered until its reply has been handed to the network. So a client that doesn't read is refused, and finally hung up on: memory stays bounded.</remarks>
internal sealed class ReplyStream(int unansweredMax)
{
    private readonly Lock _gate = new();
    private readonly OutgoingBatches _outgoing = new(ClientProtocol.BatchSizeTarget);
    private readonly WakeSignal _signal = new();
    private int _unanswered;
    private bool _ending;
    private bool _ended;

    /// <summary>Counts a call in, and says what to do with it.</summary>
    public Admission Admit()
    {
        lock (_gate)
        {
            _unanswered++;
            if (_unanswered <= unansweredMax)
                return Admission.Submit;
            return _unanswered <= 2L * unansweredMax ? Admission.Refuse : Admission.HangUp;
        }
    }

    /// <summary>Queues the reply of a call that was counted in. Called by threads of the node.</summary>
    public void Write(ulong id, in NodeReply reply)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            int size = NodeReplyCodec.Measure(id, reply);
            var writer = new ProtoWriter(_outgoing.Append(ProtoWriter.SizeOfFrame(size)));
            writer.Frame(ClientProtocol.BatchItem, size);
            NodeReplyCodec.Write(ref writer, id, reply);
        }

        _signal.Set();
    }

    /// <summary>The client sends nothing more: <see cref="RunAsync"/> returns when the last call was answered.</summary>
    public void EndWhenAnswered()
    {
        lock (_gate)
            _ending = true;
        _signal.Set();
    }

    /// <summary>Nobody listens any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _outgoing.Clear();
        }

        _signal.Set();
    }

    /// <summary>Writes replies until the stream ends, or the client is gone.</summary>
    public async Task RunAsync(IServerStreamWriter<WireMessage> writer, CancellationToken cancellationToken)
    {
        try
        {
            while (TryTake(out WireMessage? message))
            {
                if (message is null)
                {
                    await _signal.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                using (message)
                {
                    await writer.WriteAsync(message, cancellationToken).ConfigureAwait(false);
                    lock (_gate)
                        _unanswered -= message.Items;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client is gone, or the node stops: the reading side meets the same end and reports it.
            End();
        }
    }

    private bool TryTake(out WireMessage? message)
    {
        lock (_gate)
        {
            message = _outgoing.Take();
            return message is not null || !(_ended || (_ending && _unanswered == 0));
        }
    }
}
