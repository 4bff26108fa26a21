using System.Buffers;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>Where a machine's state is written while it stands still: pooled pieces, so that neither growth nor the large object heap costs anything.</summary>
internal sealed class SnapshotBuffer : IBufferWriter<byte>, IDisposable
{
    private const int PieceBytes = 64 * 1024;
    private readonly List<(byte[] Bytes, int Used)> _full = [];
    private byte[] _current = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private int _used;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _current.Length - _used);
        _used += count;
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _current.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _current.AsSpan(_used);
    }

    /// <summary>Copies everything, piece by piece.</summary>
    public void CopyTo(IBufferWriter<byte> into)
    {
        foreach ((byte[] bytes, int used) in _full)
            into.Write(bytes.AsSpan(0, used));
        into.Write(_current.AsSpan(0, _used));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((byte[] bytes, _) in _full)
            ArrayPool<byte>.Shared.Return(bytes);
        _full.Clear();
        if (_current.Length > 0)
            ArrayPool<byte>.Shared.Return(_current);
        _current = [];
        _used = 0;
    }

    private void EnsureRoom(int sizeHint)
    {
        if (_current.Length - _used >= Math.Max(sizeHint, 1))
            return;
        _full.Add((_current, _used));
        _current = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, PieceBytes));
        _used = 0;
    }
}
