using System.Buffers;

namespace ReplicatedState.Pages;

/// <summary>A page of a query's result, in pooled memory: a MessagePack array of items. Whoever owns it disposes it, once.</summary>
public sealed class ResultPage : IDisposable
{
    internal const int HeaderBytes = 5;
    private const int FirstBytes = 4096;
    private byte[] _bytes;
    private int _length = HeaderBytes;
    private uint _items;

    internal ResultPage(int room) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(HeaderBytes + room, FirstBytes));

    /// <summary>The encoded array.</summary>
    public ReadOnlyMemory<byte> Bytes => new(_bytes, 0, _length);

    /// <summary>The memory that the page takes, in bytes.</summary>
    public int Size => _bytes.Length;

    internal int Length => _length;

    internal void Add(ReadOnlySpan<byte> item)
    {
        if (_length + item.Length > _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + item.Length, 2 * _bytes.Length));
            Bytes.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        item.CopyTo(_bytes.AsSpan(_length));
        _length += item.Length;
        _items++;
    }

    /// <summary>Writes the array's header in the place that was left for it: how many items there are is only known now.</summary>
    internal ResultPage Close()
    {
        _bytes[0] = MessagePack.MessagePackCode.Array32;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(1), _items);
        return this;
    }

    /// <summary>Returns the memory.</summary>
    public void Dispose()
    {
        byte[] bytes = Interlocked.Exchange(ref _bytes, []);
        _length = 0;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
