using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The tail of the journal, mapped: a record that isn't synced yet costs a copy in memory instead of two system calls, and survives the end of the process.</summary>
/// <remarks>Eight bytes of block number and length, the records, and at the end two sectors in which ZoneTree notes what it has synced.</remarks>
internal sealed class TailFileStream : DiskFileStream
{
    private const int HeaderBytes = 8;
    private readonly IStorageFile _file;
    private readonly StoreFailure _failure;
    private IMappedFile? _mapped;
    private int _length;

    /// <param name="file">The file.</param>
    /// <param name="failure">Where a failure is remembered.</param>
    /// <param name="ignoreRecords">Shows an empty tail that keeps only the notes.</param>
    public TailFileStream(IStorageFile file, StoreFailure failure, bool ignoreRecords)
        : base(file.Path)
    {
        _file = file;
        _failure = failure;
        _length = checked((int)file.Length);
        if (_length > 0)
            _mapped = file.Map(_length);
        if (ignoreRecords)
            Empty();
    }

    public override long Length => _length;

    public override void SetLength(long value)
    {
        int length = checked((int)value);
        try
        {
            _failure.ThrowIfFailed();
            _mapped?.Dispose();
            _mapped = null;
            if (length < _length)
                _file.SetLength(length);
            else if (length > _length)
                _file.Write(_length, new byte[length - _length]);
            _length = length;
            if (_length > 0)
                _mapped = _file.Map(_length);
        }
        catch (StorageFailedException error)
        {
            throw _failure.Record(error);
        }
    }

    public override void Flush(bool flushToDisk)
    {
        if (!flushToDisk)
            return;
        try
        {
            _failure.ThrowIfFailed();
            if (_mapped is null)
                _file.SyncData();
            else
                _mapped.Sync();
        }
        catch (StorageFailedException error)
        {
            throw _failure.Record(error);
        }
    }

    /// <summary>Durably, or the records that this start doesn't show would be back after a power cut, in front of others that were written instead.</summary>
    private void Empty()
    {
        if (_length < HeaderBytes || _mapped!.Bytes[..HeaderBytes].IndexOfAnyExcept((byte)0) < 0)
            return;
        _mapped.Bytes[..HeaderBytes].Clear();
        Flush(flushToDisk: true);
    }

    protected override int ReadAt(long position, Span<byte> into)
    {
        int count = (int)Math.Clamp(_length - position, 0, into.Length);
        if (count > 0)
            _mapped!.Bytes.Slice((int)position, count).CopyTo(into);
        return count;
    }

    protected override void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        if (position + bytes.Length > _length)
            SetLength(position + bytes.Length);
        bytes.CopyTo(_mapped!.Bytes[(int)position..]);
    }

    protected override void CloseFile()
    {
        _mapped?.Dispose();
        _file.Dispose();
    }
}
