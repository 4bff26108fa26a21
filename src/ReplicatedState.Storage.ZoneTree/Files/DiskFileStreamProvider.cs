using System.Globalization;
using System.Text;
using ReplicatedState.Runtime.Storage;
using ZoneTree.AbstractFileStream;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Gives ZoneTree an <see cref="IDisk"/>: its own provider reports success where fsync failed.</summary>
internal sealed class DiskFileStreamProvider : IFileStreamProvider
{
    private readonly IDisk _disk;
    private readonly string _root;
    private readonly string _journal;
    private readonly StoreFailure _failure;
    private readonly byte[] _zeros;
    private readonly JournalSpare _spare;

    public DiskFileStreamProvider(IDisk disk, string root, StoreFailure failure, ZoneTreeLogStoreOptions options)
    {
        _disk = disk;
        _root = root;
        _journal = Path.Combine(root, "seg", "shared");
        _failure = failure;
        _zeros = new byte[options.ZeroFillBytes];
        _spare = new JournalSpare(disk, _journal, _zeros, options.BlockBytes);
    }

    /// <summary>Makes the journal's next file ready; false where it is.</summary>
    public bool PrepareSpare() => Attempt(_spare.Prepare);

    public IFileStream CreateFileStream(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096, FileOptions options = FileOptions.None) =>
        Attempt<IFileStream>(() =>
        {
            bool ofJournal = Path.GetDirectoryName(path) == _journal;
            bool isFile = ofJournal && path.EndsWith(".wal", StringComparison.Ordinal);
            bool isTail = ofJournal && path.EndsWith(".wal.tail", StringComparison.Ordinal);
            if (isFile && !_disk.FileExists(path))
                BeginJournalFile(path);
            else if (isTail && !_disk.FileExists(path))
                _spare.TakeTail(path);
            IStorageFile file = Open(path, mode);
            try
            {
                return isFile ? new JournalFileStream(file, _failure, _zeros)
                    : isTail ? new TailFileStream(file, _failure, ignoreRecords: HasSuccessor(path))
                    : new PlainFileStream(file, _failure, access != FileAccess.Read);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });

    public bool FileExists(string path) => Attempt(() => _disk.FileExists(path));

    public bool DirectoryExists(string path) => Attempt(() => _disk.DirectoryExists(path));

    public void CreateDirectory(string path) => Attempt(() => _disk.CreateDirectory(path));

    /// <summary>ZoneTree syncs every directory up to the file system's root. What lies above the store's own isn't its business, and may be closed to it.</summary>
    public void SyncDirectory(string path)
    {
        string full = Path.GetFullPath(path);
        if (full == _root || full.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            Attempt(() => _disk.SyncDirectory(full));
    }

    public void DeleteFile(string path) => Attempt(() =>
    {
        if (_disk.FileExists(path))
            _disk.Delete(path);
    });

    public void DeleteDirectory(string path, bool recursive) => Attempt(() => _disk.DeleteDirectory(path));

    public string ReadAllText(string path) => Encoding.UTF8.GetString(ReadAllBytes(path));

    public byte[] ReadAllBytes(string path) => Attempt(() =>
    {
        using IStorageFile file = _disk.Open(path, FileOpenMode.Existing);
        byte[] bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    });

    public void Replace(string sourceFileName, string destinationFileName, string destinationBackupFileName) => Attempt(() =>
    {
        if (destinationBackupFileName is not null && _disk.FileExists(destinationFileName))
            _disk.Rename(destinationFileName, destinationBackupFileName);
        _disk.Rename(sourceFileName, destinationFileName);
    });

    public DurableFileWriter GetDurableFileWriter() => new(this);

    public IReadOnlyList<string> GetDirectories(string path) => Attempt(() => Under(path, _disk.ListDirectories(path)));

    public IReadOnlyList<string> GetFiles(string path) => Attempt(() => Under(path, _disk.ListFiles(path)));

    public void MoveFile(string sourcePath, string destinationPath) => Attempt(() => _disk.Rename(sourcePath, destinationPath));

    public string CombinePaths(string path1, string path2) => Path.Combine(path1, path2);

    /// <summary>
    /// A power cut may lose the name of a file and keep that of its tail. ZoneTree would take the records in such a tail for the beginning of the new file, whose real ones it then drops at
    /// the next start, synced or not.
    /// </summary>
    private void BeginJournalFile(string path)
    {
        string orphan = path + ".tail";
        if (_disk.FileExists(orphan))
        {
            _disk.Delete(orphan);
            _disk.SyncDirectory(_journal);
        }

        _spare.TakeFile(path);
    }

    /// <summary>
    /// Whether the journal went on to another file. Then this one is closed, and all its records are in the file itself; should a power cut have spoiled the tail, ZoneTree would take what
    /// follows the seal for a torn end, forget the seal, and delete the later files with everything that was synced in them.
    /// </summary>
    private bool HasSuccessor(string tail)
    {
        string name = Path.GetFileName(tail);
        return long.TryParse(name.AsSpan(0, name.IndexOf('.', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && _disk.FileExists(Path.Combine(_journal, string.Create(CultureInfo.InvariantCulture, $"{number + 1:D20}.wal")));
    }

    private static IReadOnlyList<string> Under(string directory, IReadOnlyList<string> names) => [.. names.Select(name => Path.Combine(directory, name))];

    private IStorageFile Open(string path, FileMode mode)
    {
        switch (mode)
        {
            case FileMode.Open:
                return _disk.Open(path, FileOpenMode.Existing);
            case FileMode.OpenOrCreate:
                return _disk.Open(path, FileOpenMode.ExistingOrNew);
            case FileMode.CreateNew:
                return _disk.Open(path, FileOpenMode.New);
            case FileMode.Create:
                IStorageFile file = _disk.Open(path, FileOpenMode.ExistingOrNew);
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
        _failure.ThrowIfFailed();
        try
        {
            return action();
        }
        catch (StorageFailedException error)
        {
            throw _failure.Record(error);
        }
    }
}
