using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Writes a snapshot file: give it the content as a buffer writer, then <see cref="Complete"/> it. Disposing it earlier removes what was written.</summary>
/// <remarks>One thread at a time. Holds one chunk in memory, or one larger piece where the content asks for it.</remarks>
public sealed class SnapshotWriter : IBufferWriter<byte>, IDisposable
{
    private readonly IDisk _disk;
    private readonly SnapshotHeader _header;
    private readonly string _path;
    private readonly string _aside;
    private readonly IStorageFile _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[SnapshotFormat.ChunkHeaderBytes + SnapshotFormat.ChunkBytesMax];
    private int _buffered;
    private long _fileLength;
    private ulong _chunks;
    private ulong _contentBytes;
    private bool _completed;
    private bool _disposed;

    internal SnapshotWriter(IDisk disk, string path, SnapshotHeader header)
    {
        _disk = disk;
        _header = header;
        _path = path;
        _aside = path + SnapshotStore.UnfinishedSuffix;
        _file = disk.Open(_aside, FileOpenMode.ExistingOrNew);
        _file.SetLength(0);
        Append(SnapshotFormat.EncodeHeader(header));
    }

    /// <summary>The content so far.</summary>
    public long ContentBytes => (long)_contentBytes + _buffered;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - SnapshotFormat.ChunkHeaderBytes - _buffered);
        _buffered += count;
        FlushFullChunks();
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsMemory(SnapshotFormat.ChunkHeaderBytes + _buffered);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsSpan(SnapshotFormat.ChunkHeaderBytes + _buffered);
    }

    /// <summary>Ends the file, makes it durable and puts it in its place. When this returns, the snapshot survives a power cut.</summary>
    /// <exception cref="StorageFailedException">A write, the sync or the rename failed.</exception>
    public StoredSnapshot Complete()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_buffered > 0)
            FlushChunk(0, _buffered);
        _buffered = 0;
        byte[] hash = _hash.GetHashAndReset();
        byte[] footer = new byte[SnapshotFormat.FooterBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(8), _chunks);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(16), _contentBytes);
        hash.CopyTo(footer.AsSpan(24));
        BinaryPrimitives.WriteUInt32LittleEndian(footer.AsSpan(4), Crc32C.Of(footer.AsSpan(8)));
        _file.Write(_fileLength, footer);
        _file.SyncData();
        _file.Dispose();
        _disk.Rename(_aside, _path);
        _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
        _completed = true;
        return new StoredSnapshot(_header, _path, _fileLength + footer.Length, ImmutableArray.Create(hash));
    }

    /// <summary>Frees the memory; removes an unfinished file.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _hash.Dispose();
        _file.Dispose();
        if (!_completed && _disk.FileExists(_aside))
            _disk.Delete(_aside);
    }

    private void EnsureRoom(int sizeHint)
    {
        int needed = SnapshotFormat.ChunkHeaderBytes + _buffered + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(needed, _buffer.Length * 2));
    }

    private void FlushFullChunks()
    {
        int flushed = 0;
        for (; _buffered - flushed >= SnapshotFormat.ChunkBytesMax; flushed += SnapshotFormat.ChunkBytesMax)
            FlushChunk(flushed, SnapshotFormat.ChunkBytesMax);
        if (flushed == 0)
            return;
        _buffered -= flushed;
        _buffer.AsSpan(SnapshotFormat.ChunkHeaderBytes + flushed, _buffered).CopyTo(_buffer.AsSpan(SnapshotFormat.ChunkHeaderBytes));
    }

    /// <summary>Writes a piece of the buffer as a chunk, whose header takes the eight bytes before it: free, or of a chunk that was written already.</summary>
    private void FlushChunk(int start, int length)
    {
        Span<byte> chunk = _buffer.AsSpan(start, SnapshotFormat.ChunkHeaderBytes + length);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[4..], Crc32C.Of(chunk[SnapshotFormat.ChunkHeaderBytes..]));
        Append(chunk);
        _chunks++;
        _contentBytes += (ulong)length;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _file.Write(_fileLength, bytes);
        _hash.AppendData(bytes);
        _fileLength += bytes.Length;
    }
}
