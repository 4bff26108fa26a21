using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ReplicatedState.Runtime.Storage;

/// <summary>A file of Linux or macOS.</summary>
internal sealed unsafe class PosixFile(string path, SafeFileHandle handle) : IStorageFile
{
    public string Path => path;

    public long Length
    {
        get
        {
            long length = PosixCalls.Seek(handle, 0, PosixCalls.SeekEnd);
            return length >= 0 ? length : throw PosixError.Last("find the length", path);
        }
    }

    public int Read(long offset, Span<byte> into)
    {
        int done = 0;
        fixed (byte* start = into)
        {
            while (done < into.Length)
            {
                nint read = PosixCalls.Read(handle, start + done, (nuint)(into.Length - done), offset + done);
                if (read == 0)
                    break;
                if (read > 0)
                    done += (int)read;
                else if (Marshal.GetLastPInvokeError() != PosixError.Interrupted)
                    throw PosixError.Last($"read {into.Length} bytes at {offset}", path);
            }
        }

        return done;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        int done = 0;
        fixed (byte* start = bytes)
        {
            while (done < bytes.Length)
            {
                nint written = PosixCalls.Write(handle, start + done, (nuint)(bytes.Length - done), offset + done);
                if (written >= 0)
                    done += (int)written;
                else if (Marshal.GetLastPInvokeError() != PosixError.Interrupted)
                    throw PosixError.Last($"write {bytes.Length} bytes at {offset}", path);
            }
        }
    }

    public void SetLength(long length)
    {
        while (PosixCalls.Truncate(handle, length) != 0)
        {
            if (Marshal.GetLastPInvokeError() != PosixError.Interrupted)
                throw PosixError.Last($"set the length to {length}", path);
        }
    }

    public IMappedFile Map(int length) => new PosixMappedFile(path, handle, length);

    public void SyncData()
    {
        // Also an interrupted sync is a failure: the kernel reports an error of writeback once, and a second call would return success without the data.
        if (PosixCalls.SyncData(handle) != 0)
            throw PosixError.Last("make the last writes durable", path);
    }

    public void Dispose() => handle.Dispose();
}
