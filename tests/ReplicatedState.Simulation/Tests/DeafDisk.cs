using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Simulation.Tests;

/// <summary>A disk as .NET's own file classes show it on Linux: a sync that fails is reported as one that succeeded.</summary>
internal sealed class DeafDisk(IDisk disk) : IDisk
{
    public IStorageFile Open(string path, FileOpenMode mode) => new DeafFile(disk.Open(path, mode));

    public bool FileExists(string path) => disk.FileExists(path);

    public bool DirectoryExists(string path) => disk.DirectoryExists(path);

    public void CreateDirectory(string path) => disk.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => disk.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => disk.ListDirectories(directory);

    public void Delete(string path) => disk.Delete(path);

    public void DeleteDirectory(string path) => disk.DeleteDirectory(path);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void SyncDirectory(string path) => disk.SyncDirectory(path);

    public long FreeBytes(string path) => disk.FreeBytes(path);

    public long TotalBytes(string path) => disk.TotalBytes(path);

    public IDisposable Lock(string path) => disk.Lock(path);

    private sealed class DeafFile(IStorageFile file) : IStorageFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public void SetLength(long length) => file.SetLength(length);

        public IMappedFile Map(int length) => file.Map(length);

        public void SyncData()
        {
            try
            {
                file.SyncData();
            }
            catch (StorageFailedException failed) when (failed.Message.Contains("errno 5", StringComparison.Ordinal))
            {
                // The bug that this stands for. A power cut is not kept quiet: then nobody is there to be told.
            }
        }

        public void Dispose() => file.Dispose();
    }
}
