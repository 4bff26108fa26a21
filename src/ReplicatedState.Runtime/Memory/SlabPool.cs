using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Memory;

/// <summary>Keeps slabs of a few sizes for reuse, so that the bytes of entries cost the garbage collector nothing. Safe for concurrent use.</summary>
/// <remarks>What is kept is bounded in bytes; slabs beyond that, and odd sizes, are left to the garbage collector.</remarks>
internal sealed class SlabPool(long keptBytesMax) : IPayloadPool
{
    private const int SmallestShift = 12;
    private const int LargestShift = 20;
    private readonly Lock _gate = new();
    private readonly Stack<PayloadSlab>[] _bySize = [.. Enumerable.Range(0, LargestShift - SmallestShift + 1).Select(static _ => new Stack<PayloadSlab>())];
    private long _keptBytes;
    private long _rented;

    /// <summary>Slabs that somebody references now. 0 at rest, or somebody forgot to release one.</summary>
    public long Rented => Interlocked.Read(ref _rented);

    /// <summary>A slab of at least that many bytes with one reference, the caller's.</summary>
    public PayloadSlab Rent(int bytesMin)
    {
        Interlocked.Increment(ref _rented);
        int shift = ShiftFor(bytesMin);
        if (shift > LargestShift)
            return new PayloadSlab(new byte[bytesMin], this);
        PayloadSlab? slab;
        lock (_gate)
        {
            if (_bySize[shift - SmallestShift].TryPop(out slab))
                _keptBytes -= slab.Bytes.Length;
        }

        if (slab is null)
            return new PayloadSlab(new byte[1 << shift], this);
        slab.Reuse();
        return slab;
    }

    /// <inheritdoc/>
    public void Return(PayloadSlab slab)
    {
        ArgumentNullException.ThrowIfNull(slab);
        Interlocked.Decrement(ref _rented);
        int length = slab.Bytes.Length;
        if (length > 1 << LargestShift)
            return;
        lock (_gate)
        {
            if (_keptBytes + length > keptBytesMax)
                return;
            _keptBytes += length;
            _bySize[ShiftFor(length) - SmallestShift].Push(slab);
        }
    }

    private static int ShiftFor(int bytes) => Math.Max(SmallestShift, 32 - int.LeadingZeroCount(Math.Max(bytes, 1) - 1));
}
