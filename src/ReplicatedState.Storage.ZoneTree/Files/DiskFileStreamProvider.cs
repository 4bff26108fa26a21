using System.Text;
using ReplicatedState.Runtime.Storage;
using ZoneTree.AbstractFileStream;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Gives ZoneTree an <see cref="IDisk"/>: its own provider reports success where fsync failed.</summary>
internal sealed class DiskFileStreamProvider(IDisk disk, string root, StoreFailure failure, int zeroFillBytes) : IFileStreamProvider
{
    private const string JournalDirectory = "shared";
    private readonly byte[] _zeros = new byte[zeroFillBytes];

    public IFileStream CreateFileStream(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096, FileOptions options = FileOptions.None) =>
        Attempt<IFileStream>(() =>
        {
            IStorageFile file = Open(path, mode);
            try
            {
                bool ofJournal = Path.GetFileName(Path.GetDirectoryName(path)) == JournalDirectory;
                if (ofJournal && path.EndsWith(".wal", StringComparison.Ordinal))
                    return new JournalFileStream(file, failure, _zeros);
                if (ofJournal && path.EndsWith(".wal.tail", StringComparison.Ordinal))
                    return new TailFileStream(file, failure);
                return new PlainFileStream(file, failure, access != FileAccess.Read);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });

    public bool FileExists(string path) => Attempt(() => disk.FileExists(path));

    public bool DirectoryExists(string path) => Attempt(() => disk.DirectoryExists(path));

    public void CreateDirectory(string path) => Attempt(() => disk.CreateDirectory(path));

    /// <summary>ZoneTree syncs every directory up to the file system's root. What lies above the store's own isn't its business, and may be closed to it.</summary>
    public void SyncDirectory(string path)
    {
        string full = Path.GetFullPath(path);
        if (full == root || full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            Attempt(() => disk.SyncDirectory(full));
    }

    public void DeleteFile(string path) => Attempt(() =>
    {
        if (disk.FileExists(path))
            disk.Delete(path);
    });

    public void DeleteDirectory(string path, bool recursive) => Attempt(() => disk.DeleteDirectory(path));

    public string ReadAllText(string path) => Encoding.UTF8.GetString(ReadAllBytes(path));

    public byte[] ReadAllBytes(string path) => Attempt(() =>
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        byte[] bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    });

    public void Replace(string sourceFileName, string destinationFileName, string destinationBackupFileName) => Attempt(() =>
    {
        if (destinationBackupFileName is not null && disk.FileExists(destinationFileName))
            disk.Rename(destinationFileName, destinationBackupFileName);
        disk.Rename(sourceFileName, destinationFileName);
    });

    public DurableFileWriter GetDurableFileWriter() => new(this);

    public IReadOnlyList<string> GetDirectories(string path) => Attempt(() => Under(path, disk.ListDirectories(path)));

    public IReadOnlyList<string> GetFiles(string path) => Attempt(() => Under(path, disk.ListFiles(path)));

    public void MoveFile(string sourcePath, string destinationPath) => Attempt(() => disk.Rename(sourcePath, destinationPath));

    public string CombinePaths(string path1, string path2) => Path.Combine(path1, path2);

    private static IReadOnlyList<string> Under(string directory, IReadOnlyList<string> names) => [.. names.Select(name => Path.Combine(directory, name))];

    private IStorageFile Open(string path, FileMode mode)
    {
        switch (mode)
        {
            case FileMode.Open:
                return disk.Open(path, FileOpenMode.Existing);
            case FileMode.OpenOrCreate:
                return disk.Open(path, FileOpenMode.ExistingOrNew);
            case FileMode.CreateNew:
                return disk.Open(path, FileOpenMode.New);
            case FileMode.Create:
                IStorageFile file = disk.Open(path, FileOpenMode.ExistingOrNew);
                file.SetLength(0);
                return file;
            default:
                throw new NotSupportedException($"ZoneTree opens {path} with {mode}.");
        }
    }

    private void Attempt(Action action) => Attempt(() =>
    {
        action();
        return true;
    });

    private T Attempt<T>(Func<T> action)
    {
        failure.ThrowIfFailed();
        try
        {
            return action();
        }
        catch (StorageFailedException error)
        {
            throw failure.Record(error);
        }
    }
}
