using System.Buffers.Binary;
using System.Text;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Pins how a directory was written: its journal can only be read by the file streams that wrote it, and ZoneTree takes the mode of its journal from the disk.</summary>
internal static class DirectoryFormat
{
    private const string MarkerName = "FORMAT";
    private const string Content = "ReplicatedState log, format 1: ZoneTree, shared journal, end-marked files\n";
    private const int ManifestBytes = 48;
    private const int ManifestModeOffset = 12;
    private const int SharedMode = 4;

    /// <summary>Marks an empty directory, and refuses one of another format.</summary>
    /// <exception cref="StorageFailedException">The directory was written by something else.</exception>
    public static void Ensure(IDisk disk, string directory)
    {
        disk.CreateDirectory(directory);
        string marker = Path.Combine(directory, MarkerName);
        string aside = marker + ".new";
        if (disk.FileExists(marker))
        {
            string found = Encoding.UTF8.GetString(ReadAll(disk, marker));
            if (found != Content)
                throw Foreign(directory, $"its {MarkerName} file says \"{found.Trim()}\"");
            CheckMode(disk, directory);
            return;
        }

        if (disk.ListFiles(directory).Any(name => name != MarkerName + ".new") || disk.ListDirectories(directory).Count > 0)
            throw Foreign(directory, $"it has no {MarkerName} file");
        using (IStorageFile file = disk.Open(aside, FileOpenMode.ExistingOrNew))
        {
            file.SetLength(0);
            file.Write(0, Encoding.UTF8.GetBytes(Content));
            file.SyncData();
        }

        disk.Rename(aside, marker);
        disk.SyncDirectory(directory);
    }

    /// <summary>In any other mode ZoneTree acknowledges what it has not synced, or recovers something that is no prefix of the writes.</summary>
    private static void CheckMode(IDisk disk, string directory)
    {
        string manifest = Path.Combine(directory, "seg", "shared", "manifest");
        if (!disk.FileExists(manifest))
            return; // a crash during creation: nothing was ever acknowledged
        byte[] bytes = ReadAll(disk, manifest);
        if (bytes.Length != ManifestBytes || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(ManifestModeOffset)) != SharedMode)
            throw Foreign(directory, $"the journal's manifest {manifest} isn't one of the shared mode, at offset {ManifestModeOffset}");
    }

    private static byte[] ReadAll(IDisk disk, string path)
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        byte[] bytes = new byte[Math.Min(file.Length, 4096)];
        return bytes[..file.Read(0, bytes)];
    }

    private static StorageFailedException Foreign(string directory, string why) => new(
        $"The log directory {directory} was not written by this store: {why}. Give the node an empty data directory and let it join again as a new member, or start the version that wrote it.");
}
