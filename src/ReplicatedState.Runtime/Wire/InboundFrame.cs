using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Memory;

namespace ReplicatedState.Runtime.Wire;

/// <summary>The decoded messages of one frame on their way to the shards that own their groups. Pooled; shared by the shards that it concerns.</summary>
internal sealed class InboundFrame(InboundFramePool pool, SlabPool slabs)
{
    private const int KeptMax = 1024;
    private readonly InboundEntries _entries = new(slabs);
    private Message[] _messages = new Message[8];
    private int _count;
    private int _holders;

    /// <summary>The bytes that it came as; what it may keep occupied.</summary>
    public long Bytes { get; private set; }

    /// <summary>The messages, of whatever groups.</summary>
    public ReadOnlySpan<Message> Messages => _messages.AsSpan(0, _count);

    /// <summary>Decodes the body of a frame of messages.</summary>
    /// <exception cref="Transport.WireFormatException">It is malformed; the frame has been given back.</exception>
    public void Decode(in ReadOnlySequence<byte> body, RaftId from, RaftId to)
    {
        try
        {
            Bytes = body.Length;
            var reader = new WireReader(body);
            while (!reader.End)
            {
                if (_count == _messages.Length)
                    Array.Resize(ref _messages, _messages.Length * 2);
                _messages[_count] = MessageCodec.Read(ref reader, from, to, _entries);
                _count++;
            }
        }
        catch
        {
            Recycle();
            throw;
        }
    }

    /// <summary>Says how many shards will release it.</summary>
    public void SharedBy(int shards) => Volatile.Write(ref _holders, shards);

    /// <summary>A shard is done with it; the last one gives messages, entries and payloads up.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Recycle();
    }

    private void Recycle()
    {
        _entries.Clear();
        if (_messages.Length > KeptMax)
            _messages = new Message[8];
        else
            Array.Clear(_messages, 0, _count);
        _count = 0;
        pool.Return(this);
    }
}
