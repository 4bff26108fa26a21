using System.Buffers;
using System.Collections.Concurrent;

namespace ReplicatedState.Runtime.Transport;

/// <summary>A pooled frame on its way out. Whoever owns it disposes it, or hands the ownership on.</summary>
public sealed class FrameBuffer : IBufferWriter<byte>, IDisposable
{
    private const int KeptSizeMax = 512 * 1024;
    private const int PooledMax = 256;
    private static readonly ConcurrentQueue<FrameBuffer> Pool = new();
    private static int _pooled;
    private byte[] _bytes = new byte[4096];
    private int _rented;

    private FrameBuffer()
    {
    }

    /// <summary>The bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => new(_bytes, 0, Length);

    /// <summary>What has been written, to be patched in place (lengths, checksums).</summary>
    public Span<byte> WrittenSpan => new(_bytes, 0, Length);

    /// <summary>Takes an empty frame from the pool.</summary>
    public static FrameBuffer Rent()
    {
        if (Pool.TryDequeue(out FrameBuffer? frame))
            Interlocked.Decrement(ref _pooled);
        else
            frame = new FrameBuffer();
        frame.Length = 0;
        frame._rented = 1;
        return frame;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Returns the frame to the pool. A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, 0) == 0)
            return;
        if (_bytes.Length > KeptSizeMax || Volatile.Read(ref _pooled) >= PooledMax)
            return;
        Interlocked.Increment(ref _pooled);
        Pool.Enqueue(this);
    }

    private void EnsureRoom(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Max((uint)needed, Math.Min((uint)_bytes.Length * 2, (uint)Array.MaxLength)));
    }
}
