using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Memory;

/// <summary>Packs the payloads that one actor makes behind each other into slabs.</summary>
internal sealed class PayloadWriter(SlabPool pool, int slabBytes)
{
    private PayloadSlab? _slab;
    private int _used;

    /// <summary>Room for one payload. The caller fills the span and releases the payload, which holds a reference of its own.</summary>
    public Payload Reserve(int length, out Span<byte> room)
    {
        if (_slab is null || _slab.Bytes.Length - _used < length)
        {
            _slab?.Release();
            _slab = pool.Rent(Math.Max(slabBytes, length));
            _used = 0;
        }

        room = _slab.Bytes.AsSpan(_used, length);
        var payload = new Payload(_slab, _used, length);
        payload.Retain();
        _used += length;
        return payload;
    }

    /// <summary>Gives up the slab being filled.</summary>
    public void Close()
    {
        _slab?.Release();
        _slab = null;
    }
}
