using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ReplicatedState.Runtime.Storage;

/// <summary>A file of Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsFile(FileStream stream) : IStorageFile
{
    public string Path => stream.Name;

    public long Length => RandomAccess.GetLength(stream.SafeFileHandle);

    public int Read(long offset, Span<byte> into)
    {
        int done = 0;
        try
        {
            while (done < into.Length)
            {
                int read = RandomAccess.Read(stream.SafeFileHandle, into[done..], offset + done);
                if (read == 0)
                    break;
                done += read;
            }
        }
        catch (IOException error)
        {
            throw WindowsDisk.Failed($"read {into.Length} bytes at {offset}", Path, error);
        }

        return done;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(stream.SafeFileHandle, bytes, offset);
        }
        catch (IOException error)
        {
            throw WindowsDisk.Failed($"write {bytes.Length} bytes at {offset}", Path, error);
        }
    }

    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(stream.SafeFileHandle, length);
        }
        catch (IOException error)
        {
            throw WindowsDisk.Failed($"set the length to {length}", Path, error);
        }
    }

    public IMappedFile Map(int length)
    {
        try
        {
            return new WindowsMappedFile(this, stream, length);
        }
        catch (IOException error)
        {
            throw WindowsDisk.Failed($"map {length} bytes", Path, error);
        }
    }

    public void SyncData()
    {
        if (!FlushFileBuffers(stream.SafeFileHandle.DangerousGetHandle()))
            throw WindowsDisk.Failed("make the last writes durable", Path, Marshal.GetLastPInvokeError());
    }

    public void Dispose() => stream.Dispose();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool FlushFileBuffers(nint file);
}
