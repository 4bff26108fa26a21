using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The file systems of Windows: FlushFileBuffers for content and directories, write-through renames.</summary>
[SupportedOSPlatform("windows")]
public sealed partial class WindowsDisk : IDisk
{
    private const uint GenericReadAndWrite = 0xC0000000;
    private const uint ShareEverything = 7;
    private const uint OpenExisting = 3;
    private const uint BackupSemantics = 0x02000000;
    private const uint ReplaceExistingAndWriteThrough = 1 | 8;

    /// <inheritdoc/>
    public IStorageFile Open(string path, FileOpenMode mode)
    {
        FileMode fileMode = mode switch
        {
            FileOpenMode.Existing => FileMode.Open,
            FileOpenMode.ExistingOrNew => FileMode.OpenOrCreate,
            FileOpenMode.New => FileMode.CreateNew,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };
        return new WindowsFile(OpenStream("open the file", path, fileMode, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => new FileInfo(path).Exists;

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Attempt("create the directory", path, () => Directory.CreateDirectory(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => List(directory, Directory.GetFiles);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory) => List(directory, Directory.GetDirectories);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (!FileExists(path))
            throw new StorageFailedException($"Can't delete the file: {path}: there is none.");
        Attempt("delete the file", path, new FileInfo(path).Delete);
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => Attempt("delete the directory", path, () => Directory.Delete(path, recursive: true));

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (!MoveFileEx(from, to, ReplaceExistingAndWriteThrough))
            throw Failed($"rename {from}", to, Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        using SafeFileHandle handle = CreateFile(path, GenericReadAndWrite, ShareEverything, 0, OpenExisting, BackupSemantics, 0);
        if (handle.IsInvalid || !WindowsFile.FlushFileBuffers(handle.DangerousGetHandle()))
            throw Failed("make the entries of the directory durable", path, Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public long FreeBytes(string path)
    {
        long free = 0;
        Attempt("ask for the free space", path, () => free = DriveOf(path).AvailableFreeSpace);
        return free;
    }

    /// <inheritdoc/>
    public long TotalBytes(string path)
    {
        long total = 0;
        Attempt("ask for the size of the file system", path, () => total = DriveOf(path).TotalSize);
        return total;
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        const int sharingViolation = unchecked((int)0x80070020);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (error.HResult == sharingViolation)
        {
            throw PosixDisk.LockHeld(path, "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed("lock the file", path, error);
        }
    }

    internal static StorageFailedException Failed(string what, string path, Exception error) => new($"Can't {what}: {path}: {error.Message}", error);

    internal static StorageFailedException Failed(string what, string path, int error) =>
        new($"Can't {what}: {path}: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).");

    private static DriveInfo DriveOf(string path) => new(Path.GetPathRoot(Path.GetFullPath(path))!);

    private static FileStream OpenStream(string what, string path, FileMode mode, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, share, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(what, path, error);
        }
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
            throw Failed(what, path, error);
        }
    }

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFileEx(string from, string to, uint flags);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);
}
