using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The file systems of Linux and macOS, by system calls: .NET's own file classes report success where fsync failed.</summary>
public sealed class PosixDisk : IDisk
{
    /// <summary>Creates it; holds no resources.</summary>
    /// <exception cref="PlatformNotSupportedException">The process is not a 64-bit one, or runs on Windows.</exception>
    public PosixDisk()
    {
        // off_t has 64 bits in the C library's plain entry points only there.
        if (!Environment.Is64BitProcess || OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("PosixDisk needs a 64-bit process on Linux or macOS.");
    }

    /// <inheritdoc/>
    public IStorageFile Open(string path, FileOpenMode mode)
    {
        int flags = mode switch
        {
            FileOpenMode.Existing => PosixCalls.ReadWrite,
            FileOpenMode.ExistingOrNew => PosixCalls.ReadWrite | PosixCalls.Create,
            FileOpenMode.New => PosixCalls.ReadWrite | PosixCalls.Create | PosixCalls.Exclusive,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };
        return new PosixFile(path, OpenHandle(path, flags, "open the file"));
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => Exists(path) && !DirectoryExists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Exists(path + "/.");

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        string full = Path.GetFullPath(path);
        if (DirectoryExists(full))
            return;
        string? parent = Path.GetDirectoryName(full);
        if (parent is not null)
            CreateDirectory(parent);
        Attempt("create the directory", full, () => Directory.CreateDirectory(full));
        if (parent is not null)
            SyncDirectory(parent);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => List(directory, Directory.GetFiles);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory) => List(directory, Directory.GetDirectories);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (PosixCalls.Unlink(path) != 0)
            throw PosixError.Last("delete the file", path);
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => Attempt("delete the directory", path, () => Directory.Delete(path, recursive: true));

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (PosixCalls.Rename(from, to) != 0)
            throw PosixError.Last($"rename {from}", to);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        using SafeFileHandle handle = OpenHandle(path, PosixCalls.ReadOnly, "open the directory");
        if (PosixCalls.SyncAll(handle) != 0)
            throw PosixError.Last("make the entries of the directory durable", path);
    }

    /// <inheritdoc/>
    public long FreeBytes(string path)
    {
        long free = 0;
        Attempt("ask for the free space", path, () => free = new DriveInfo(path).AvailableFreeSpace);
        return free;
    }

    /// <inheritdoc/>
    public long TotalBytes(string path)
    {
        long total = 0;
        Attempt("ask for the size of the file system", path, () => total = new DriveInfo(path).TotalSize);
        return total;
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        SafeFileHandle handle = OpenHandle(path, PosixCalls.ReadWrite | PosixCalls.Create, "open the lock file");
        var file = new PosixFile(path, handle);
        try
        {
            if (PosixCalls.Lock(handle, PosixCalls.LockExclusiveNonBlocking) != 0)
            {
                throw Marshal.GetLastPInvokeError() == PosixError.WouldBlock
                    ? LockHeld(path, Holder(file))
                    : PosixError.Last("lock the file", path);
            }

            file.SetLength(0);
            file.Write(0, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return new HeldLock(handle, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static StorageFailedException LockHeld(string path, string holder) => new(
        $"The data directory {Path.GetDirectoryName(path)} is in use by another process{holder}: two nodes on one directory would destroy it. "
        + "Stop the other process, or give this node a data directory of its own.")
    {
        IsInUse = true,
    };

    private static string Holder(PosixFile file)
    {
        Span<byte> digits = stackalloc byte[20];
        int length = file.Read(0, digits);
        return long.TryParse(digits[..length], CultureInfo.InvariantCulture, out long id) ? $" (process {id})" : "";
    }

    private static SafeFileHandle OpenHandle(string path, int flags, string what)
    {
        SafeFileHandle handle = PosixCalls.Open(path, flags);
        if (!handle.IsInvalid)
            return handle;
        int errno = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw PosixError.From(errno, what, path);
    }

    /// <summary>Only a definite "no such thing" is a no: a directory that can't be read must never look like an empty one.</summary>
    private static bool Exists(string path)
    {
        if (PosixCalls.Access(path, 0) == 0)
            return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno is PosixError.NoEntry or PosixError.NotADirectory ? false : throw PosixError.From(errno, "look for the file", path);
    }

    private IReadOnlyList<string> List(string directory, Func<string, string[]> list)
    {
        if (!DirectoryExists(directory))
            return [];
        string[] names = [];
        Attempt("list the directory", directory, () => names = list(directory));
        return [.. names.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    private static void Attempt(string what, string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageFailedException($"Can't {what}: {path}: {error.Message}", error);
        }
    }

    /// <summary>Says that it lets go instead of closing alone: a process that is being started holds copies of all descriptors until it runs its own program, and would keep the lock until then.</summary>
    private sealed class HeldLock(SafeFileHandle handle, PosixFile file) : IDisposable
    {
        private bool _isReleased;

        public void Dispose()
        {
            if (_isReleased)
                return;
            _isReleased = true;
            _ = PosixCalls.Lock(handle, PosixCalls.Unlock); // where that failed, closing does it
            file.Dispose();
        }
    }
}
