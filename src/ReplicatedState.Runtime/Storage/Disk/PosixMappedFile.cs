using Microsoft.Win32.SafeHandles;

namespace ReplicatedState.Runtime.Storage;

/// <summary>A shared mapping of a file of Linux or macOS.</summary>
internal sealed unsafe class PosixMappedFile : IMappedFile
{
    private readonly string _path;
    private readonly int _length;
    private byte* _address;

    public PosixMappedFile(string path, SafeFileHandle file, int length)
    {
        void* address = PosixCalls.Map(null, (nuint)length, PosixCalls.ProtectReadWrite, PosixCalls.MapShared, file, 0);
        if ((nint)address == -1)
            throw PosixError.Last($"map {length} bytes", path);
        _path = path;
        _length = length;
        _address = (byte*)address;
    }

    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address is null, this);
            return new Span<byte>(_address, _length);
        }
    }

    public void Sync()
    {
        ObjectDisposedException.ThrowIf(_address is null, this);
        if (PosixCalls.SyncMapped(_address, (nuint)_length) != 0)
            throw PosixError.Last("make the last writes durable", _path);
    }

    public void Dispose()
    {
        byte* address = _address;
        _address = null;
        if (address is not null && PosixCalls.Unmap(address, (nuint)_length) != 0)
            throw PosixError.Last("unmap the file", _path);
    }
}
