using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The frames that wait on one lane, bounded in bytes. Frames that come while a write is under way leave together in the next. Safe for concurrent use.</summary>
internal sealed class LaneQueue(int frameSizeMax, int queuedBytesMax)
{
    /// <summary>Frames gather into messages up to this size; a single larger frame is a message of its own. The peer takes no message that is larger than its largest frame.</summary>
    private readonly int _messageSizeTarget = Math.Min(256 * 1024, frameSizeMax);

    private readonly Lock _gate = new();
    private readonly Queue<FrameBuffer> _waiting = new();
    private readonly WakeSignal _signal = new();
    private long _queuedBytes;
    private bool _open;

    /// <summary>Takes frames in from now on.</summary>
    public void Open()
    {
        lock (_gate)
            _open = true;
    }

    /// <summary>Drops what waits and takes nothing in any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _open = false;
            _queuedBytes = 0;
            while (_waiting.TryDequeue(out FrameBuffer? frame))
                frame.Dispose();
        }

        _signal.Set();
    }

    /// <summary>Queues a frame, or drops it and says so.</summary>
    public bool TryAdd(FrameBuffer frame)
    {
        lock (_gate)
        {
            if (!_open || frame.Length > frameSizeMax || _queuedBytes + frame.Length > queuedBytesMax)
            {
                frame.Dispose();
                return false;
            }

            _queuedBytes += frame.Length;
            _waiting.Enqueue(frame);
        }

        _signal.Set();
        return true;
    }

    /// <summary>Waits for frames and moves as many into the message as should travel together; false when the queue is closed.</summary>
    public async ValueTask<bool> FillAsync(FramesMessage message)
    {
        while (!TryFill(message, out bool closed))
        {
            if (closed)
                return false;
            await _signal.WaitAsync().ConfigureAwait(false);
        }

        return true;
    }

    private bool TryFill(FramesMessage message, out bool closed)
    {
        lock (_gate)
        {
            closed = !_open;
            while (_waiting.TryPeek(out FrameBuffer? frame) && (message.Size == 0 || message.Size + FramesMessage.SizeOf(frame) <= _messageSizeTarget))
            {
                message.Add(_waiting.Dequeue());
                _queuedBytes -= frame.Length;
            }

            return message.Size > 0;
        }
    }
}
