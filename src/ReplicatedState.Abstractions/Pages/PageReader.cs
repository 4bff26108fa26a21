using MessagePack;

namespace ReplicatedState.Pages;

/// <summary>Reads one value.</summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="reader">Stands at the value, and behind it afterwards.</param>
public delegate T ItemReader<T>(ref MessagePackReader reader);

/// <summary>Takes the items of a page one by one, so that it may be read across waits.</summary>
/// <remarks>Decoding is the caller's: what is wrong with the bytes is whatever <see cref="MessagePackReader"/> throws.</remarks>
internal struct PageReader
{
    private readonly ReadOnlyMemory<byte> _page;
    private int _offset;

    /// <summary>A reader before the first item.</summary>
    public PageReader(ReadOnlyMemory<byte> page)
    {
        _page = page;
        var reader = new MessagePackReader(page);
        Remaining = reader.ReadArrayHeader();
        _offset = (int)reader.Consumed;
    }

    /// <summary>How many items are still to be read.</summary>
    public int Remaining { get; private set; }

    /// <summary>Reads the next item; there must be one.</summary>
    public T Read<T>(ItemReader<T> read)
    {
        var reader = new MessagePackReader(_page[_offset..]);
        T item = read(ref reader);
        _offset += (int)reader.Consumed;
        Remaining--;
        return item;
    }
}
