using System.Buffers;
using System.Collections.Concurrent;

namespace ReplicatedState;

/// <summary>A growing, pooled buffer for one encoded call. Not safe for concurrent use.</summary>
public sealed class RequestBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 512;
    private const int KeptSizeMax = 64 * 1024;
    private const int PooledMax = 1024;
    private static readonly ConcurrentQueue<RequestBuffer> Pool = new();
    private static int _pooled;
    private byte[] _bytes = new byte[InitialSize];
    private int _written;
    private bool _rented;

    private RequestBuffer()
    {
    }

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => new(_bytes, 0, _written);

    /// <summary>Takes an empty buffer from the pool.</summary>
    public static RequestBuffer Rent()
    {
        if (Pool.TryDequeue(out RequestBuffer? buffer))
            Interlocked.Decrement(ref _pooled);
        else
            buffer = new RequestBuffer();
        buffer._written = 0;
        buffer._rented = true;
        return buffer;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _written);
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsSpan(_written);
    }

    /// <summary>Returns the buffer to the pool. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!_rented)
            return;
        _rented = false;
        if (_bytes.Length > KeptSizeMax || Volatile.Read(ref _pooled) >= PooledMax)
            return;
        Interlocked.Increment(ref _pooled);
        Pool.Enqueue(this);
    }

    private void EnsureRoom(int sizeHint)
    {
        int needed = checked(_written + Math.Max(sizeHint, 1));
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Max((uint)needed, Math.Min((uint)_bytes.Length * 2, (uint)Array.MaxLength)));
    }
}
