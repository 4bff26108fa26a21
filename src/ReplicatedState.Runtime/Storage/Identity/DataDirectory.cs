namespace ReplicatedState.Runtime.Storage;

/// <summary>A node's data directory, held exclusively: identity, log, snapshots and states lie in it.</summary>
/// <remarks>
/// <code>
/// node.json   who this directory is
/// LOCK        held by the process that uses it
/// recovery    the mark of a recovery by force that isn't finished
/// reserve     space that is given up when the device is nearly full
/// raft/       entries, hard states and snapshot metadata of all groups
/// snap/       snapshot files, a directory per group
/// distrust/   what the directory remembers against itself; usually not there
/// </code>
/// </remarks>
public sealed class DataDirectory : IDisposable
{
    private readonly IDisposable _lock;
    private readonly NodeIdentityFile _identity;

    private DataDirectory(IDisk disk, string path, IDisposable heldLock)
    {
        Disk = disk;
        Path = path;
        _lock = heldLock;
        _identity = new NodeIdentityFile(disk, System.IO.Path.Combine(path, "node.json"));
    }

    /// <summary>The file system that it lies on.</summary>
    public IDisk Disk { get; }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The log store's directory.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "raft");

    /// <summary>The snapshot store's directory.</summary>
    public string SnapshotPath => System.IO.Path.Combine(Path, "snap");

    /// <summary>Where it is kept that something here isn't trusted.</summary>
    internal string DistrustPath => System.IO.Path.Combine(Path, "distrust");

    /// <summary>The file that holds space back for when the device is nearly full.</summary>
    internal string ReservePath => System.IO.Path.Combine(Path, "reserve");

    /// <summary>Creates the directory where it is missing, and locks it.</summary>
    /// <exception cref="StorageFailedException">Another process uses it, or it can't be created.</exception>
    public static DataDirectory Open(IDisk disk, string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        disk.CreateDirectory(full);
        return new DataDirectory(disk, full, disk.Lock(System.IO.Path.Combine(full, "LOCK")));
    }

    /// <summary>The stored identity; null where the directory was never formatted.</summary>
    /// <exception cref="StorageFailedException">The identity can't be read, is damaged, or is missing although there is data.</exception>
    public NodeIdentity? ReadIdentity()
    {
        NodeIdentity? identity = _identity.Read();
        if (identity is null && (Disk.DirectoryExists(LogPath) || Disk.DirectoryExists(SnapshotPath)))
        {
            throw new StorageFailedException(
                $"The data directory {Path} holds data but no node.json, so nobody can say which node's data it is. "
                + "Restore node.json from a backup, or empty the directory and let the node join again as a new member.");
        }

        return identity;
    }

    /// <summary>Replaces the identity; durable when it returns.</summary>
    public void WriteIdentity(NodeIdentity identity) => _identity.Write(identity);

    /// <summary>Unlocks the directory.</summary>
    public void Dispose() => _lock.Dispose();
}
