using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>A file of the journal: filled with zeros ahead of the data, so that a sync finds nothing but data to write.</summary>
/// <remarks>
/// ZoneTree must not see the zeros (after a sealed file they would make recovery drop all later files), and the size of the file no longer tells where the data ends. So the file
/// is data, one marker byte, zeros; the next append overwrites the marker in the same write that brings its own. The end of the data is the last byte that is not zero: the marker
/// there is not data, anything else is, from a write that was torn. An append begins with a byte that is neither zero nor the marker, hence a torn one never hides what was synced
/// before it: either the old marker still stands, or the append's first byte does.
/// </remarks>
internal sealed class JournalFileStream : DiskFileStream
{
    public const byte Marker = 0xE5;
    private readonly IStorageFile _file;
    private readonly StoreFailure _failure;
    private readonly byte[] _zeros;
    private byte[] _gathered = new byte[64 * 1024];
    private int _gatheredCount;
    private long _dataEnd;
    private long _allocated;

    public JournalFileStream(IStorageFile file, StoreFailure failure, byte[] zeros)
        : base(file.Path)
    {
        _file = file;
        _failure = failure;
        _zeros = zeros;
        _allocated = file.Length;
        _dataEnd = FindDataEnd(file);
    }

    public override long Length => _dataEnd + _gatheredCount;

    /// <summary>Cuts the data. Happens at recovery only, where a torn end is given up.</summary>
    public override void SetLength(long value)
    {
        Drain();
        if (value == _dataEnd)
            return;
        if (value > _dataEnd)
            throw new NotSupportedException("A journal file grows by appending.");
        try
        {
            _failure.ThrowIfFailed();
            // The marker must be there before the torn bytes go: zeros alone would eat into data that happens to end with them.
            _file.Write(value, [Marker]);
            _file.SyncData();
            for (long at = value + 1; at <= _dataEnd; at += _zeros.Length)
                _file.Write(at, _zeros.AsSpan(0, (int)Math.Min(_zeros.Length, _dataEnd + 1 - at)));
            _dataEnd = value;
            _allocated = Math.Max(_allocated, _file.Length);
        }
        catch (StorageFailedException error)
        {
            throw _failure.Record(error);
        }
    }

    public override void Flush(bool flushToDisk)
    {
        Drain();
        if (!flushToDisk)
            return;
        try
        {
            // Without a look at whether this stream wrote: what it found may be unsynced from before a kill, and ZoneTree asks for exactly this sync when it takes over such a file.
            _failure.ThrowIfFailed();
            _file.SyncData();
        }
        catch (StorageFailedException error)
        {
            throw _failure.Record(error);
        }
    }

    protected override int ReadAt(long position, Span<byte> into)
    {
        Drain();
        int count = (int)Math.Clamp(_dataEnd - position, 0, into.Length);
        return _file.Read(position, into[..count]);
    }

    protected override void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        if (position != Length)
            throw new NotSupportedException("A journal file grows at its end.");
        if (_gathered.Length - 1 - _gatheredCount < bytes.Length)
            Array.Resize(ref _gathered, Math.Max(_gathered.Length * 2, _gatheredCount + bytes.Length + 1));
        bytes.CopyTo(_gathered.AsSpan(_gatheredCount));
        _gatheredCount += bytes.Length;
    }

    protected override void CloseFile()
    {
        try
        {
            if (!_failure.HasFailed)
                Drain();
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Writes what was gathered, and the marker, in one piece.</summary>
    private void Drain()
    {
        if (_gatheredCount == 0)
            return;
        Invariant.Holds(_gathered[0] is not (0 or Marker), "an append to the journal begins with a byte that marks it as data");
        _gathered[_gatheredCount] = Marker;
        try
        {
            _failure.ThrowIfFailed();
            for (long needed = _dataEnd + _gatheredCount + 1; _allocated < needed; _allocated += _zeros.Length)
                _file.Write(_allocated, _zeros);
            _file.Write(_dataEnd, _gathered.AsSpan(0, _gatheredCount + 1));
        }
        catch (StorageFailedException error)
        {
            throw _failure.Record(error);
        }

        _dataEnd += _gatheredCount;
        _gatheredCount = 0;
    }

    /// <summary>Where the data of a journal file ends: behind its last byte that is neither zero nor the marker.</summary>
    internal static long FindDataEnd(IStorageFile file)
    {
        Span<byte> block = new byte[64 * 1024];
        for (long end = file.Length; end > 0;)
        {
            long start = Math.Max(0, end - block.Length);
            Span<byte> bytes = block[..(int)(end - start)];
            if (file.Read(start, bytes) != bytes.Length)
                throw new StorageFailedException($"The journal ended while it was read: {file.Path}. Another process uses the directory: stop it.");
            int last = bytes.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                return start + (bytes[last] == Marker ? last : last + 1);
            end = start;
        }

        return 0;
    }
}
