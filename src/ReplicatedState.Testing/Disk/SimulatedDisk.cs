using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing;

/// <summary>A disk in memory that does to unsynced data what real ones do when the power fails: loses it, keeps it, tears it, in any order.</summary>
/// <remarks>
/// <para>Everything it decides comes from its seed. Every change of files and directories is one operation with a number, so that a run can be cut at each and replayed.</para>
/// <para>Safe for concurrent use, but only a single-threaded run is the same each time.</para>
/// </remarks>
public sealed partial class SimulatedDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly SeededRandom _random;
    private readonly SimulatedDiskOptions _options;
    private readonly HashSet<string> _directories = ["/"];
    private readonly HashSet<string> _locks = [];
    private readonly List<DirectoryChange> _unsyncedChanges = [];
    private Dictionary<string, SimulatedInode> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedInode> _medium = new(StringComparer.Ordinal);

    /// <summary>An empty file system.</summary>
    public SimulatedDisk(ulong seed, SimulatedDiskOptions? options = null)
    {
        _random = new SeededRandom(seed);
        _options = options ?? new SimulatedDiskOptions();
        CapacityBytes = _options.CapacityBytes;
    }

    /// <inheritdoc/>
    public IStorageFile Open(string path, FileOpenMode mode)
    {
        lock (_gate)
        {
            ThrowIfOff();
            if (_shown.TryGetValue(path, out SimulatedInode? inode))
                return mode == FileOpenMode.New ? throw Failed("open the file", path, "it exists already") : new SimulatedFile(this, path, inode);
            if (mode == FileOpenMode.Existing)
                throw Failed("open the file", path, "there is none");
            string directory = DirectoryOf(path);
            if (!_directories.Contains(directory))
                throw Failed("create the file", path, "its directory doesn't exist");
            BeginOperation("create", path);
            inode = new SimulatedInode();
            Change(new DirectoryChange(directory, path, inode));
            return new SimulatedFile(this, path, inode);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            return _shown.ContainsKey(path);
        }
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            return _directories.Contains(path);
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            if (_directories.Contains(path))
                return;
            BeginOperation("create the directory", path);
            for (string? at = path; at is not null && _directories.Add(at); at = Path.GetDirectoryName(at))
            {
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (_gate)
        {
            ThrowIfOff();
            return [.. _shown.Keys.Where(path => DirectoryOf(path) == directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory)
    {
        lock (_gate)
        {
            ThrowIfOff();
            return [.. _directories.Where(path => path != "/" && DirectoryOf(path) == directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            if (!_shown.ContainsKey(path))
                throw Failed("delete the file", path, "there is none");
            BeginOperation("delete", path);
            Change(new DirectoryChange(DirectoryOf(path), path, null));
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            BeginOperation("delete the directory", path);
            _directories.RemoveWhere(directory => directory == path || IsUnder(directory, path));
            foreach (string file in _shown.Keys.Where(file => IsUnder(file, path)).ToList())
                Change(new DirectoryChange(DirectoryOf(file), file, null));
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            ThrowIfOff();
            if (!_shown.TryGetValue(from, out SimulatedInode? inode))
                throw Failed($"rename {from}", to, "there is no such file");
            BeginOperation($"rename {from}", to);
            Change(new DirectoryChange(DirectoryOf(to), to, inode, from));
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            BeginOperation("sync the directory", path);
            CountSync(path, inode: null);
            foreach (DirectoryChange change in _unsyncedChanges.Where(change => change.Directory == path))
                change.ApplyTo(_medium);
            _unsyncedChanges.RemoveAll(change => change.Directory == path);
        }
    }

    /// <inheritdoc/>
    public long FreeBytes(string path)
    {
        lock (_gate)
            return Math.Max(0, CapacityBytes - UsedBytes);
    }

    /// <inheritdoc/>
    public long TotalBytes(string path) => CapacityBytes;

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            return _locks.Add(path)
                ? new HeldLock(this, path)
                : throw new StorageFailedException($"The data directory {DirectoryOf(path)} is in use by another process: two nodes on one directory would destroy it.");
        }
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(path) ?? "/";

    private static bool IsUnder(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static StorageFailedException Failed(string what, string path, string why) => new($"Can't {what}: {path}: {why}.");

    private void Change(DirectoryChange change)
    {
        change.ApplyTo(_shown);
        if (_options.StrictDirectories)
            _unsyncedChanges.Add(change);
        else
            change.ApplyTo(_medium);
    }

    private sealed class HeldLock(SimulatedDisk disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._gate)
                disk._locks.Remove(path);
        }
    }
}
