namespace ReplicatedState.Runtime.Storage;

/// <summary>The file system as storage code sees it: every failure of a write or a sync throws, which .NET's own classes don't promise.</summary>
/// <remarks>Paths are absolute. Safe for concurrent use on different files.</remarks>
public interface IDisk
{
    /// <summary>Opens a file for reading and writing.</summary>
    /// <exception cref="StorageFailedException">It can't be opened; the message names it.</exception>
    IStorageFile Open(string path, FileOpenMode mode);

    /// <summary>True where a file stands at the path.</summary>
    bool FileExists(string path);

    /// <summary>True where a directory stands at the path.</summary>
    bool DirectoryExists(string path);

    /// <summary>Creates a directory and its parents where they are missing; durable when it returns.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (not paths) of the files in a directory, sorted by ordinal; empty where there is no such directory.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>The names of the directories in a directory, sorted by ordinal.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Removes a file that exists; durable after <see cref="SyncDirectory"/>.</summary>
    void Delete(string path);

    /// <summary>Removes a directory with all it holds.</summary>
    void DeleteDirectory(string path);

    /// <summary>Renames a file over whatever stands at the target; atomic, durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Makes creations, renames and deletions in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>The bytes that may still be written to the file system of the path.</summary>
    long FreeBytes(string path);

    /// <summary>The size in bytes of the file system of the path.</summary>
    long TotalBytes(string path);

    /// <summary>Locks a file for this process until the result is disposed.</summary>
    /// <exception cref="StorageFailedException">Another process holds it; the message says so.</exception>
    IDisposable Lock(string path);
}
