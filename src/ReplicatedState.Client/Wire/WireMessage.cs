using System.Buffers;
using System.Collections.Concurrent;
using Grpc.Core;

namespace ReplicatedState.Client.Wire;

/// <summary>The bytes of one gRPC message in pooled memory, on its way out or just arrived. Whoever owns it disposes it.</summary>
internal sealed class WireMessage : IDisposable
{
    private const int PooledMax = 1024;
    private static readonly ConcurrentQueue<WireMessage> Pool = new();
    private static int _pooled;
    private byte[] _bytes = [];
    private int _length;

    private WireMessage()
    {
    }

    /// <summary>Moves the bytes between gRPC's buffers and ours, once.</summary>
    public static Marshaller<WireMessage> Marshaller { get; } = new(Serialize, Deserialize);

    /// <summary>The same, and returns the memory of what was sent: for replies that gRPC writes after their maker has let go of them.</summary>
    public static Marshaller<WireMessage> LastMarshaller { get; } = new(SerializeLast, Deserialize);

    /// <summary>The bytes so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The bytes so far.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>How many there are.</summary>
    public int Length => _length;

    /// <summary>How many items were appended.</summary>
    public int Items { get; private set; }

    /// <summary>How many more fit.</summary>
    public int Room => _bytes.Length - _length;

    /// <summary>An empty message with room for at least that many bytes.</summary>
    public static WireMessage Rent(int capacity)
    {
        if (Pool.TryDequeue(out WireMessage? message))
            Interlocked.Decrement(ref _pooled);
        else
            message = new WireMessage();
        message._bytes = ArrayPool<byte>.Shared.Rent(capacity);
        message._length = 0;
        message.Items = 0;
        return message;
    }

    /// <summary>The bytes of the next item, to be filled.</summary>
    public Span<byte> Append(int count)
    {
        Span<byte> next = _bytes.AsSpan(_length, count);
        _length += count;
        Items++;
        return next;
    }

    /// <summary>Moves to larger memory.</summary>
    public void Grow(int capacity)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    /// <summary>Returns the memory. A second call does nothing.</summary>
    public void Dispose()
    {
        byte[] bytes = Interlocked.Exchange(ref _bytes, []);
        if (bytes.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(bytes);
        if (Volatile.Read(ref _pooled) >= PooledMax)
            return;
        Interlocked.Increment(ref _pooled);
        Pool.Enqueue(this);
    }

    private static void Serialize(WireMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message._length);
        context.GetBufferWriter().Write(message.Bytes);
        context.Complete();
    }

    private static void SerializeLast(WireMessage message, SerializationContext context)
    {
        using (message)
            Serialize(message, context);
    }

    private static WireMessage Deserialize(DeserializationContext context)
    {
        WireMessage message = Rent(Math.Max(context.PayloadLength, 1));
        context.PayloadAsReadOnlySequence().CopyTo(message.Append(context.PayloadLength));
        return message;
    }
}
