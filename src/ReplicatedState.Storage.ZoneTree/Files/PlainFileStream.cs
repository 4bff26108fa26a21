using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Metadata and merged segments: small writes are gathered, everything else is passed on.</summary>
internal sealed class PlainFileStream(IStorageFile file, StoreFailure failure, bool writable) : DiskFileStream(file.Path)
{
    private readonly byte[] _gathered = new byte[writable ? 64 * 1024 : 0];
    private long _gatheredAt;
    private int _gatheredCount;

    public override bool CanWrite => writable;

    public override long Length => Math.Max(file.Length, _gatheredCount > 0 ? _gatheredAt + _gatheredCount : 0);

    public override void SetLength(long value)
    {
        Drain();
        try
        {
            failure.ThrowIfFailed();
            file.SetLength(value);
        }
        catch (StorageFailedException error)
        {
            throw failure.Record(error);
        }
    }

    public override void Flush(bool flushToDisk)
    {
        Drain();
        // ZoneTree also "flushes" what it only reads. What it may write is synced even without a write of this stream: an earlier process may have left it unsynced.
        if (!flushToDisk || !writable)
            return;
        try
        {
            failure.ThrowIfFailed();
            file.SyncData();
        }
        catch (StorageFailedException error)
        {
            throw failure.Record(error);
        }
    }

    protected override int ReadAt(long position, Span<byte> into)
    {
        Drain();
        return file.Read(position, into);
    }

    protected override void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        if (_gatheredCount > 0 && (position != _gatheredAt + _gatheredCount || bytes.Length > _gathered.Length - _gatheredCount))
            Drain();
        if (bytes.Length > _gathered.Length)
        {
            WriteThrough(position, bytes);
            return;
        }

        if (_gatheredCount == 0)
            _gatheredAt = position;
        bytes.CopyTo(_gathered.AsSpan(_gatheredCount));
        _gatheredCount += bytes.Length;
    }

    protected override void CloseFile()
    {
        try
        {
            if (!failure.HasFailed)
                Drain();
        }
        finally
        {
            file.Dispose();
        }
    }

    private void Drain()
    {
        if (_gatheredCount == 0)
            return;
        WriteThrough(_gatheredAt, _gathered.AsSpan(0, _gatheredCount));
        _gatheredCount = 0;
    }

    private void WriteThrough(long position, ReadOnlySpan<byte> bytes)
    {
        try
        {
            failure.ThrowIfFailed();
            file.Write(position, bytes);
        }
        catch (StorageFailedException error)
        {
            throw failure.Record(error);
        }
    }
}
