using System.Buffers;

namespace ReplicatedState;

/// <summary>An encoded result in pooled memory. Dispose it after decoding; never read it afterwards.</summary>
public struct ReplyBuffer : IDisposable
{
    private byte[]? _pooled;
    private readonly int _length;

    private ReplyBuffer(byte[]? pooled, int length)
    {
        _pooled = pooled;
        _length = length;
    }

    /// <summary>The encoded result.</summary>
    public readonly ReadOnlyMemory<byte> Bytes => new(_pooled ?? [], 0, _length);

    /// <summary>The log index of the command that was executed, or of the state that a query saw; 0 where the channel doesn't tell.</summary>
    public readonly ulong Index { get; init; }

    /// <summary>The term of the command's entry, or the one in which a query was answered; 0 where the channel doesn't tell.</summary>
    public readonly ulong Term { get; init; }

    /// <summary>Copies a result into pooled memory.</summary>
    public static ReplyBuffer Copy(ReadOnlySpan<byte> bytes)
    {
        byte[] pooled = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(pooled);
        return new ReplyBuffer(pooled, bytes.Length);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        byte[]? pooled = _pooled;
        _pooled = null;
        if (pooled is not null)
            ArrayPool<byte>.Shared.Return(pooled);
    }
}
