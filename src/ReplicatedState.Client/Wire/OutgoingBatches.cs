namespace ReplicatedState.Client.Wire;

/// <summary>What waits to be written to one stream, gathered into as few messages as the size limit allows. Guarded by its owner's lock.</summary>
/// <remarks>One message with a thousand calls costs a fraction of a thousand messages: gRPC and HTTP/2 work by message.</remarks>
internal sealed class OutgoingBatches(int messageSizeTarget)
{
    private const int FirstCapacity = 4096;
    private readonly Queue<WireMessage> _full = new();
    private WireMessage? _open;

    /// <summary>Bytes that wait.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>Room for the next item of that size; it is never split over two messages.</summary>
    public Span<byte> Append(int size)
    {
        QueuedBytes += size;
        if (_open is not null && _open.Length + size > messageSizeTarget)
        {
            _full.Enqueue(_open);
            _open = null;
        }

        if (_open is null)
            _open = WireMessage.Rent(Math.Max(size, FirstCapacity));
        else if (_open.Room < size)
            Grow(size);
        return _open!.Append(size);
    }

    /// <summary>Takes the next message to write; null where nothing waits. The caller disposes it.</summary>
    public WireMessage? Take()
    {
        if (!_full.TryDequeue(out WireMessage? next))
        {
            next = _open;
            _open = null;
        }

        QueuedBytes -= next?.Length ?? 0;
        return next;
    }

    /// <summary>Drops whatever waits.</summary>
    public void Clear()
    {
        while (Take() is { } message)
            message.Dispose();
    }

    private void Grow(int size) =>
        _open!.Grow(Math.Max(_open.Length + size, Math.Min(_open.Length * 4, messageSizeTarget)));
}
