using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ReplicatedState.Serialization;

/// <summary>Hashes a machine's state with XXH3-128, element by element, so that unordered collections can be summed.</summary>
/// <remarks>
/// A stack of bytes: what is added since a <see cref="Mark"/> is hashed, and taken off, by <see cref="TakeHash"/>. Every value
/// has a fixed or a prefixed length, so that no two sequences of values lead to the same bytes. Not safe for concurrent use.
/// </remarks>
public sealed class StateHasher : IBufferWriter<byte>
{
    private const int InitialSize = 1024;
    private const int MinimumRoom = 256;
    private byte[] _bytes = new byte[InitialSize];
    private int _length;

    /// <summary>The place where the next value will be added.</summary>
    public int Mark => _length;

    /// <summary>The hash of everything added since <paramref name="mark"/>, which is then forgotten.</summary>
    public UInt128 TakeHash(int mark)
    {
        UInt128 hash = XxHash128.HashToUInt128(_bytes.AsSpan(mark, _length - mark));
        _length = mark;
        return hash;
    }

    /// <summary>Adds a value.</summary>
    public void Add(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Adds a value.</summary>
    public void Add(byte value) => Reserve(1)[0] = value;

    /// <summary>Adds a value.</summary>
    public void Add(sbyte value) => Reserve(1)[0] = (byte)value;

    /// <summary>Adds a value.</summary>
    public void Add(short value) => BinaryPrimitives.WriteInt16LittleEndian(Reserve(2), value);

    /// <summary>Adds a value.</summary>
    public void Add(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    /// <summary>Adds a value.</summary>
    public void Add(char value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    /// <summary>Adds a value.</summary>
    public void Add(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    /// <summary>Adds a value.</summary>
    public void Add(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    /// <summary>Adds a value.</summary>
    public void Add(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    /// <summary>Adds a value.</summary>
    public void Add(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    /// <summary>Adds a value.</summary>
    public void Add(Int128 value) => BinaryPrimitives.WriteInt128LittleEndian(Reserve(16), value);

    /// <summary>Adds a value.</summary>
    public void Add(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Reserve(16), value);

    /// <summary>Adds a value by its bits: two NaNs, and 0.0 and −0.0, may differ.</summary>
    public void Add(Half value) => Add(BitConverter.HalfToUInt16Bits(value));

    /// <summary>Adds a value by its bits: two NaNs, and 0.0 and −0.0, may differ.</summary>
    public void Add(float value) => Add(BitConverter.SingleToUInt32Bits(value));

    /// <summary>Adds a value by its bits: two NaNs, and 0.0 and −0.0, may differ.</summary>
    public void Add(double value) => Add(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Adds a value with its scale: 1.0 and 1.00 differ.</summary>
    public void Add(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (int part in parts)
            Add(part);
    }

    /// <summary>Adds a value.</summary>
    public void Add(Guid value) => value.TryWriteBytes(Reserve(16));

    /// <summary>Adds a value with its kind.</summary>
    public void Add(DateTime value)
    {
        Add(value.Ticks);
        Add((byte)value.Kind);
    }

    /// <summary>Adds a value with its offset.</summary>
    public void Add(DateTimeOffset value)
    {
        Add(value.UtcTicks);
        Add((short)value.TotalOffsetMinutes);
    }

    /// <summary>Adds a value.</summary>
    public void Add(DateOnly value) => Add(value.DayNumber);

    /// <summary>Adds a value.</summary>
    public void Add(TimeOnly value) => Add(value.Ticks);

    /// <summary>Adds a value.</summary>
    public void Add(TimeSpan value) => Add(value.Ticks);

    /// <summary>Adds a text by its UTF-16 code units.</summary>
    public void Add(string? value)
    {
        Add(value?.Length ?? -1);
        ReadOnlySpan<byte> units = MemoryMarshal.AsBytes(value.AsSpan());
        units.CopyTo(Reserve(units.Length));
    }

    /// <summary>Adds bytes.</summary>
    public void Add(byte[]? value)
    {
        Add(value?.Length ?? -1);
        value.AsSpan().CopyTo(Reserve(value?.Length ?? 0));
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlyMemory<byte> value)
    {
        Add(value.Length);
        value.Span.CopyTo(Reserve(value.Length));
    }

    /// <summary>Adds bytes.</summary>
    public void Add(Memory<byte> value) => Add((ReadOnlyMemory<byte>)value);

    /// <summary>Adds a value.</summary>
    public void Add(BigInteger value) => Add(value.ToByteArray());

    /// <summary>Adds a value by its bits.</summary>
    public void Add(Complex value)
    {
        Add(value.Real);
        Add(value.Imaginary);
    }

    /// <summary>Adds a value.</summary>
    public void Add(Rune value) => Add(value.Value);

    /// <summary>Adds a value.</summary>
    public void Add(Index value) => Add(ScalarFormat.ToInt32(value));

    /// <summary>Adds a value.</summary>
    public void Add(Range value)
    {
        Add(value.Start);
        Add(value.End);
    }

    /// <summary>Adds a version: a number that it lacks differs from 0.</summary>
    public void Add(Version? value)
    {
        Add(value?.Major ?? -1);
        Add(value?.Minor ?? -1);
        Add(value?.Build ?? -1);
        Add(value?.Revision ?? -1);
    }

    /// <summary>Adds an address by its kind and text.</summary>
    public void Add(Uri? value)
    {
        Add(value is null ? 0 : (int)(value.IsAbsoluteUri ? UriKind.Absolute : UriKind.Relative));
        Add(value is null ? null : ScalarFormat.TextOf(value));
    }

    /// <summary>Adds bits.</summary>
    public void Add(BitArray? value)
    {
        Add(value?.Count ?? -1);
        if (value is not null)
            Add(ScalarFormat.ToBytes(value));
    }

    /// <inheritdoc/>
    void IBufferWriter<byte>.Advance(int count) => _length += count;

    /// <inheritdoc/>
    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, MinimumRoom));
        _length -= Math.Max(sizeHint, MinimumRoom);
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => ((IBufferWriter<byte>)this).GetMemory(sizeHint).Span;

    private Span<byte> Reserve(int size)
    {
        int end = checked(_length + size);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, (int)Math.Min((uint)_bytes.Length * 2, (uint)Array.MaxLength)));
        Span<byte> room = _bytes.AsSpan(_length, size);
        _length = end;
        return room;
    }
}
