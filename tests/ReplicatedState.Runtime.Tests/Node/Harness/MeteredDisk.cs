using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A disk that claims to have as much room as the test says.</summary>
internal sealed class MeteredDisk(IDisk inner, Space space) : IDisk
{
    public IStorageFile Open(string path, FileOpenMode mode) => inner.Open(path, mode);

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => inner.ListDirectories(directory);

    public void Delete(string path) => inner.Delete(path);

    public void DeleteDirectory(string path) => inner.DeleteDirectory(path);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void SyncDirectory(string path) => inner.SyncDirectory(path);

    public long FreeBytes(string path) => space.Free ?? inner.FreeBytes(path);

    public long TotalBytes(string path) => space.Total ?? inner.TotalBytes(path);

    public IDisposable Lock(string path) => inner.Lock(path);
}

/// <summary>How much room there is.</summary>
internal sealed class Space
{
    /// <summary>Null: as much as the disk says.</summary>
    public long? Free { get; set; }

    /// <summary>Null: as much as the disk says.</summary>
    public long? Total { get; set; }
}
