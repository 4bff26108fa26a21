namespace ReplicatedState.Consensus;

/// <summary>A slice of a slab. A slice of a recycled slab is never read: the generation tells, and reading it throws.</summary>
public readonly struct Payload
{
    private readonly PayloadSlab? _slab;
    private readonly int _offset;
    private readonly int _generation;

    /// <summary>A slice of <paramref name="slab"/>; takes no reference.</summary>
    public Payload(PayloadSlab slab, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, slab.Bytes.Length);
        _slab = slab;
        _offset = offset;
        Length = length;
        _generation = slab.Generation;
    }

    /// <summary>No bytes.</summary>
    public static Payload Empty => default;

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes. Valid as long as somebody holds a reference.</summary>
    /// <exception cref="InvariantViolationException">The slab was recycled: somebody kept an entry without a reference.</exception>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>The bytes. Valid as long as somebody holds a reference.</summary>
    /// <exception cref="InvariantViolationException">The slab was recycled: somebody kept an entry without a reference.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            if (_slab is null)
                return default;
            Invariant.Holds(_slab.Generation == _generation, "a payload is read only while its slab is referenced");
            return new ReadOnlyMemory<byte>(_slab.Bytes, _offset, Length);
        }
    }

    /// <summary>A payload of its own memory, freed by the garbage collector.</summary>
    public static Payload Of(byte[] bytes) => bytes.Length == 0 ? default : new Payload(new PayloadSlab(bytes), 0, bytes.Length);

    /// <summary>Adds a reference to the slab.</summary>
    public void Retain()
    {
        if (_slab is null)
            return;
        Invariant.Holds(_slab.Generation == _generation, "a payload is retained only while its slab is referenced");
        _slab.Retain();
    }

    /// <summary>Drops a reference to the slab.</summary>
    public void Release()
    {
        if (_slab is null)
            return;
        Invariant.Holds(_slab.Generation == _generation, "a payload is released only while its slab is referenced");
        _slab.Release();
    }
}
