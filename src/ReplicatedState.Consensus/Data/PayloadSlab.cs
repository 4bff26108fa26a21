namespace ReplicatedState.Consensus;

/// <summary>A block of memory that many entries' payloads share. Born with one reference, its maker's.</summary>
/// <remarks>References may be added and dropped from any thread. A slab without a pool is left to the garbage collector.</remarks>
public sealed class PayloadSlab(byte[] bytes, IPayloadPool? pool = null)
{
    private int _references = 1;

    /// <summary>The memory.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>How often the slab went back to its pool.</summary>
    public int Generation { get; private set; }

    /// <summary>References held now.</summary>
    public int References => Volatile.Read(ref _references);

    /// <summary>Adds a reference.</summary>
    public void Retain()
    {
        if (pool is null)
            return;
        Invariant.Holds(Interlocked.Increment(ref _references) > 1, "a slab without references is not revived");
    }

    /// <summary>Drops a reference; the last one returns the slab to its pool.</summary>
    public void Release()
    {
        if (pool is null)
            return;
        int left = Interlocked.Decrement(ref _references);
        Invariant.Holds(left >= 0, "a slab is not released more often than it was retained");
        if (left > 0)
            return;
        Generation++;
        pool.Return(this);
    }

    /// <summary>Gives a slab that came back from its pool its first reference again.</summary>
    public void Reuse()
    {
        Invariant.Holds(_references == 0, "only a slab without references is reused");
        _references = 1;
    }
}
