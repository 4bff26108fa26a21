using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Space;

/// <summary>A file that occupies space until space gets low, and then leaves it to what a node without room must still write: votes, snapshots, the log's compaction.</summary>
/// <remarks>
/// Really written, with bytes that no file system compresses or leaves out: a length alone reserves nothing. It grows by a piece at a time, each synced, so that making it never
/// delays the log's own syncs by much. Its content means nothing; a crash leaves a shorter one.
/// </remarks>
internal sealed class SpaceReserve(IDisk disk, IEntropy entropy, string path)
{
    /// <summary>How much it grows at once, in bytes.</summary>
    public const int StepBytes = 4 * 1024 * 1024;

    private const int WriteBytes = 256 * 1024;
    private long? _bytes;

    /// <summary>What it occupies.</summary>
    public long Bytes => _bytes ??= Measure();

    /// <summary>Before anything is written at a start: a node that a full device stopped begins again with the room that its reserve leaves.</summary>
    public static void GiveUpWhereLow(DataDirectory directory, StorageOptions options, IEntropy entropy)
    {
        if (directory.Disk.FreeBytes(directory.Path) < SpaceMarks.Of(options, directory.Disk.TotalBytes(directory.Path)).LowBytes)
            new SpaceReserve(directory.Disk, entropy, directory.ReservePath).GiveUp();
    }

    /// <summary>Grows it by a step towards a size, or cuts it there.</summary>
    /// <exception cref="StorageFailedException">A write or the sync failed.</exception>
    public void Approach(long sizeBytes)
    {
        if (Bytes == sizeBytes)
            return;
        if (sizeBytes == 0)
        {
            GiveUp();
            return;
        }

        using IStorageFile file = disk.Open(path, FileOpenMode.ExistingOrNew);
        if (Bytes > sizeBytes)
        {
            file.SetLength(sizeBytes);
            _bytes = sizeBytes;
            return;
        }

        long until = Math.Min(sizeBytes, Bytes + StepBytes);
        byte[] piece = new byte[WriteBytes];
        for (long at = Bytes; at < until;)
        {
            Span<byte> next = piece.AsSpan(0, (int)Math.Min(piece.Length, until - at));
            entropy.Fill(next);
            file.Write(at, next);
            at += next.Length;
            _bytes = at;
        }

        file.SyncData();
    }

    /// <summary>Frees what it occupies; returns how much that was.</summary>
    public long GiveUp()
    {
        long freed = Bytes;
        if (disk.FileExists(path))
        {
            disk.Delete(path);
            disk.SyncDirectory(Path.GetDirectoryName(path)!);
        }

        _bytes = 0;
        return freed;
    }

    private long Measure()
    {
        if (!disk.FileExists(path))
            return 0;
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        return file.Length;
    }
}
