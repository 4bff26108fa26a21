namespace ReplicatedState.Consensus;

/// <summary>The Appends on their way to one follower, oldest first, limited in number and in bytes.</summary>
internal sealed class InflightWindow(int messagesMax, long bytesMax)
{
    private (ulong LastIndex, long Bytes)[] _ring = new (ulong, long)[4];
    private int _start;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public bool IsFull => Count >= messagesMax || (bytesMax > 0 && Bytes >= bytesMax);

    public void Add(ulong lastIndex, long bytes)
    {
        Invariant.Holds(!IsFull, "nothing is sent into a full window");
        if (Count == _ring.Length)
            Grow();
        _ring[(_start + Count) % _ring.Length] = (lastIndex, bytes);
        Count++;
        Bytes += bytes;
    }

    /// <summary>Frees every Append that ends at or below an acknowledged index.</summary>
    public void FreeThrough(ulong index)
    {
        while (Count > 0 && _ring[_start].LastIndex <= index)
        {
            Bytes -= _ring[_start].Bytes;
            _start = (_start + 1) % _ring.Length;
            Count--;
        }
    }

    public void Clear()
    {
        _start = 0;
        Count = 0;
        Bytes = 0;
    }

    private void Grow()
    {
        var larger = new (ulong, long)[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[i] = _ring[(_start + i) % _ring.Length];
        _ring = larger;
        _start = 0;
    }
}
