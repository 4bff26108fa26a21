using System.Buffers;
using MessagePack;

namespace ReplicatedState.Testing.Replay;

/// <summary>The pages of a result put together to one array: where a node cuts doesn't count.</summary>
internal sealed class RecordedPages
{
    private readonly ArrayBufferWriter<byte> _items = new();
    private int _count;

    public void Add(ReadOnlyMemory<byte> page)
    {
        var reader = new MessagePackReader(page);
        _count += reader.ReadArrayHeader();
        _items.Write(page.Span[(int)reader.Consumed..]);
    }

    public byte[] ToArray()
    {
        var whole = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(whole);
        writer.WriteArrayHeader(_count);
        writer.WriteRaw(_items.WrittenSpan);
        writer.Flush();
        return whole.WrittenSpan.ToArray();
    }
}
