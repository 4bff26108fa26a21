namespace ReplicatedState.Runtime.Scheduling;

/// <summary>What other threads leave for an actor. Many threads post, the actor alone drains; nothing is allocated once the arrays have grown.</summary>
/// <remarks>Two arrays change places at each drain, so that a turn takes the lock once however much was waiting.</remarks>
internal sealed class Mailbox<T>(int capacity)
{
    private readonly Lock _gate = new();
    private T[] _filling = new T[16];
    private T[] _draining = new T[16];
    private int _filled;
    private int _drained;
    private bool _closed;

    /// <summary>How many items are waiting.</summary>
    public int Count => Volatile.Read(ref _filled);

    /// <summary>Leaves an item unless the mailbox is full or closed. For whatever comes from outside the node: the refusal is the back-pressure.</summary>
    public bool TryPost(in T item)
    {
        lock (_gate)
        {
            if (_filled >= capacity || _closed)
                return false;
            Add(item);
            return true;
        }
    }

    /// <summary>Leaves an item however many are waiting. For answers to what the actor itself asked for, whose number it bounds. A closed mailbox forgets it.</summary>
    public void Post(in T item)
    {
        lock (_gate)
        {
            if (!_closed)
                Add(item);
        }
    }

    /// <summary>Takes nothing more in. What is waiting can still be drained.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>Takes everything that is waiting, oldest first. Valid until the next call.</summary>
    public ReadOnlySpan<T> Drain()
    {
        Array.Clear(_draining, 0, _drained);
        lock (_gate)
        {
            (_filling, _draining) = (_draining, _filling);
            _drained = _filled;
            Volatile.Write(ref _filled, 0);
        }

        return _draining.AsSpan(0, _drained);
    }

    private void Add(in T item)
    {
        if (_filled == _filling.Length)
            Array.Resize(ref _filling, _filling.Length * 2);
        _filling[_filled] = item;
        Volatile.Write(ref _filled, _filled + 1);
    }
}
