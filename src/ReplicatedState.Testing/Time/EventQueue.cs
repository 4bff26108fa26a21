namespace ReplicatedState.Testing;

/// <summary>What is to happen, ordered by time, and among equals by who was planned first: a heap of structs that allocates nothing per event.</summary>
/// <typeparam name="T">What an event says.</typeparam>
public sealed class EventQueue<T>
    where T : struct
{
    private Slot[] _heap = new Slot[256];
    private ulong _planned;

    /// <summary>Events that are still to come.</summary>
    public int Count { get; private set; }

    /// <summary>Plans an event.</summary>
    public void Add(long atUs, in T value)
    {
        if (Count == _heap.Length)
            Array.Resize(ref _heap, Count * 2);
        int at = Count++;
        var slot = new Slot { AtUs = atUs, Order = _planned++, Value = value };
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (!slot.IsBefore(_heap[parent]))
                break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = slot;
    }

    /// <summary>Takes the earliest event; false where there is none.</summary>
    public bool TryTake(out long atUs, out T value)
    {
        if (Count == 0)
        {
            atUs = 0;
            value = default;
            return false;
        }

        atUs = _heap[0].AtUs;
        value = _heap[0].Value;
        Slot last = _heap[--Count];
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]))
                child++;
            if (!_heap[child].IsBefore(last))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        _heap[Count] = default;
        return true;
    }

    private struct Slot
    {
        public long AtUs;
        public ulong Order;
        public T Value;

        public readonly bool IsBefore(in Slot other) => AtUs < other.AtUs || (AtUs == other.AtUs && Order < other.Order);
    }
}
