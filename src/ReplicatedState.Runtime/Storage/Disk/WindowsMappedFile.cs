using System.IO.MemoryMappedFiles;
using System.Runtime.Versioning;

namespace ReplicatedState.Runtime.Storage;

/// <summary>A shared mapping of a file of Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsMappedFile : IMappedFile
{
    private readonly WindowsFile _file;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _length;
    private byte* _address;

    public WindowsMappedFile(WindowsFile file, FileStream stream, int length)
    {
        _file = file;
        _length = length;
        _mapping = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = _mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _address);
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
        // Flushing the view hands the pages to the file system; only FlushFileBuffers makes them durable.
        try
        {
            _view.Flush();
        }
        catch (IOException error)
        {
            throw WindowsDisk.Failed("make the last writes durable", _file.Path, error);
        }

        _file.SyncData();
    }

    public void Dispose()
    {
        if (_address is null)
            return;
        _address = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
    }
}
