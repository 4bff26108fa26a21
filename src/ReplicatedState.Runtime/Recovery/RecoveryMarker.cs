using System.Globalization;
using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Recovery;

/// <summary>Where the entries of a recovery by force go. Decided once, and written down before anything is changed.</summary>
/// <param name="Epoch">The new epoch.</param>
/// <param name="Starts">For each group the position of its first new entry.</param>
internal sealed record RecoveryMarker(uint Epoch, IReadOnlyDictionary<GroupId, LogPosition> Starts);

/// <summary>
/// The file <c>recovery</c> of a data directory. While it is there no node starts from the directory: some of its groups may be in the new epoch already and others not. Written aside, synced and
/// renamed, so that a crash leaves it whole or not at all.
/// </summary>
internal sealed class RecoveryMarkerFile(DataDirectory directory)
{
    private const string Heading = "replicatedstate recovery 1";
    private const int BytesMax = 1024 * 1024;

    public string Path { get; } = System.IO.Path.Combine(directory.Path, "recovery");

    /// <exception cref="StorageFailedException">A recovery was begun and not finished.</exception>
    public static void RefuseUnfinished(DataDirectory directory)
    {
        var file = new RecoveryMarkerFile(directory);
        if (directory.Disk.FileExists(file.Path))
        {
            throw new StorageFailedException(
                $"A recovery by force was begun in the data directory {directory.Path} and not finished ({file.Path}). Finish it: rsctl recover force-new-cluster --data {directory.Path}");
        }
    }

    public RecoveryMarker? Read()
    {
        if (!directory.Disk.FileExists(Path))
            return null;
        using IStorageFile file = directory.Disk.Open(Path, FileOpenMode.Existing);
        if (file.Length > BytesMax)
            throw Damaged();
        var bytes = new byte[file.Length];
        if (file.Read(0, bytes) != bytes.Length)
            throw Damaged();
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        // The last line is the checksum of the others, and ends the file.
        if (lines.Length < 4 || lines[0] != Heading || lines[^1].Length > 0 || lines[^2] != ChecksumOf(lines[..^2]))
            throw Damaged();
        var starts = new Dictionary<GroupId, LogPosition>();
        foreach (string line in lines[2..^2])
        {
            ulong[] numbers = [.. line.Split(' ').Select(static number => ulong.Parse(number, CultureInfo.InvariantCulture))];
            starts.Add(new GroupId((uint)numbers[0]), new LogPosition(numbers[1], numbers[2]));
        }

        return new RecoveryMarker(uint.Parse(lines[1], CultureInfo.InvariantCulture), starts);
    }

    /// <summary>Durable when it returns.</summary>
    public void Write(RecoveryMarker marker)
    {
        List<string> lines = [Heading, marker.Epoch.ToString(CultureInfo.InvariantCulture)];
        foreach ((GroupId group, LogPosition start) in marker.Starts.OrderBy(static start => start.Key))
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{group.Value} {start.Index} {start.Term}"));
        lines.Add(ChecksumOf([.. lines]));
        string aside = Path + ".new";
        using (IStorageFile file = directory.Disk.Open(aside, FileOpenMode.ExistingOrNew))
        {
            file.SetLength(0);
            file.Write(0, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
            file.SyncData();
        }

        directory.Disk.Rename(aside, Path);
        directory.Disk.SyncDirectory(directory.Path);
    }

    /// <summary>The recovery has come to its end. Durable when it returns.</summary>
    public void Delete()
    {
        directory.Disk.Delete(Path);
        directory.Disk.SyncDirectory(directory.Path);
    }

    private static string ChecksumOf(string[] lines) => Crc32C.Of(Encoding.UTF8.GetBytes(string.Join('\n', lines))).ToString("x8", CultureInfo.InvariantCulture);

    private StorageFailedException Damaged() => new($"The mark of an unfinished recovery is damaged: {Path}. Restore the data directory from a copy and begin again.");
}
