using System.Collections.Concurrent;
using System.Numerics;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Requests;

/// <summary>Slabs for what clients send: one a message, shared by the payloads of all its calls, back in the pool when the last of them is released. Safe for concurrent use.</summary>
public sealed class RequestSlabs : IPayloadPool
{
    private const int SmallestBits = 9;
    private const int LargestBits = 20;
    private const int PooledBytesMaxPerSize = 8 * 1024 * 1024;


    private readonly ConcurrentQueue<PayloadSlab>[] _bySize = [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new ConcurrentQueue<PayloadSlab>())];

    private RequestSlabs()
    {
    }

    /// <summary>The pool of this process: marshallers are static.</summary>
    public static RequestSlabs Shared { get; } = new();

    /// <summary>A slab with one reference and room for at least that many bytes.</summary>
    public PayloadSlab Rent(int size)
    {
        int bits = Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(size, 1) - 1) + 1);
        if (bits > LargestBits)
            return new PayloadSlab(new byte[size]);
        if (!_bySize[bits - SmallestBits].TryDequeue(out PayloadSlab? slab))
            return new PayloadSlab(new byte[1 << bits], this);
        slab.Reuse();
        return slab;
    }

    /// <inheritdoc/>
    public void Return(PayloadSlab slab)
    {
        int bits = BitOperations.Log2((uint)slab.Bytes.Length);
        ConcurrentQueue<PayloadSlab> queue = _bySize[bits - SmallestBits];
        if (queue.Count < PooledBytesMaxPerSize >> bits)
            queue.Enqueue(slab);
    }
}
