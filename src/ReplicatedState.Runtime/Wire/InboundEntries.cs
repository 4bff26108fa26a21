using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Memory;

namespace ReplicatedState.Runtime.Wire;

/// <summary>The entries of one frame that arrived: their payloads are copied once, from the transport's memory into a slab that they share.</summary>
internal sealed class InboundEntries(SlabPool pool)
{
    private const int KeptMax = 4096;
    private Entry[] _entries = new Entry[64];
    private int _used;
    private PayloadSlab? _slab;
    private int _slabUsed;

    /// <summary>Room for some entries; valid until <see cref="Clear"/>.</summary>
    public Memory<Entry> Rent(int count)
    {
        if (_entries.Length - _used < count)
        {
            // What was handed out stays valid: the slices hold the old array.
            _entries = new Entry[Math.Max(_entries.Length * 2, count)];
            _used = 0;
        }

        Memory<Entry> room = _entries.AsMemory(_used, count);
        _used += count;
        return room;
    }

    /// <summary>Copies a payload out of the frame. It lives until <see cref="Clear"/>, or as long as somebody retains it.</summary>
    public Payload Copy(ref WireReader reader, int length)
    {
        if (length == 0)
            return Payload.Empty;
        // What is left of the frame is room enough for all payloads to come.
        _slab ??= pool.Rent((int)Math.Min(int.MaxValue, reader.Remaining));
        reader.CopyTo(_slab.Bytes.AsSpan(_slabUsed, length));
        var payload = new Payload(_slab, _slabUsed, length);
        _slabUsed += length;
        return payload;
    }

    /// <summary>Gives up entries and payloads.</summary>
    public void Clear()
    {
        if (_entries.Length > KeptMax)
            _entries = new Entry[64];
        else
            Array.Clear(_entries, 0, _used);
        _used = 0;
        _slab?.Release();
        _slab = null;
        _slabUsed = 0;
    }
}
