using System.Buffers;
using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>Messages on their way, each with references to its entries. A place is given out again when its message was taken.</summary>
internal sealed class MessagePool
{
    private readonly Stack<int> _free = new();
    private Message[] _messages = new Message[64];
    private Entry[]?[] _entries = new Entry[]?[64];
    private int _used;

    /// <summary>Keeps a copy; returns its place.</summary>
    public int Keep(in Message message)
    {
        if (!_free.TryPop(out int place))
        {
            place = _used++;
            if (place == _messages.Length)
            {
                Array.Resize(ref _messages, place * 2);
                Array.Resize(ref _entries, place * 2);
            }
        }

        _messages[place] = message;
        if (message.Entries.IsEmpty)
            return place;
        Entry[] entries = ArrayPool<Entry>.Shared.Rent(message.Entries.Length);
        message.Entries.Span.CopyTo(entries);
        foreach (Entry entry in message.Entries.Span)
            entry.Retain();
        _entries[place] = entries;
        _messages[place].Entries = entries.AsMemory(0, message.Entries.Length);
        return place;
    }

    /// <summary>Shows a message; valid until <see cref="Free"/>.</summary>
    public ref readonly Message this[int place] => ref _messages[place];

    /// <summary>Gives a message and its references up.</summary>
    public void Free(int place)
    {
        foreach (Entry entry in _messages[place].Entries.Span)
            entry.Release();
        if (_entries[place] is { } entries)
            ArrayPool<Entry>.Shared.Return(entries, clearArray: true);
        _entries[place] = null;
        _messages[place] = default;
        _free.Push(place);
    }
}
