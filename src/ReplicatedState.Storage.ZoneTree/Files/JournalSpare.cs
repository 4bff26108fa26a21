using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The next file of the journal and its tail, made ready and synced before ZoneTree wants them: then a new file costs a rename instead of a sync in the middle of the work.</summary>
/// <remarks>
/// A file gets its name only when it is whole. ZoneTree would create it empty and write its first bytes unsynced, and a power cut that spoils those would look like damage of something
/// durable. The bytes are those of ZoneTree 2.1.3 (a test compares them): one for "framed blocks without compression", and the descriptor at the end of a tail.
/// </remarks>
internal sealed class JournalSpare(IDisk disk, string directory, byte[] zeros, int blockBytes)
{
    private const byte FramedBlocksWithoutCompression = 0x84;
    private const int SectorBytes = 512;
    private const int CheckpointBytes = 2 * SectorBytes;
    private readonly string _file = Path.Combine(directory, "spare.file");
    private readonly string _tail = Path.Combine(directory, "spare.tail");
    private bool _fileReady;
    private bool _tailReady;

    /// <summary>"ZWALTAIL", version 1, checksum.</summary>
    public static ReadOnlySpan<byte> TailDescriptor => [0x5A, 0x57, 0x41, 0x4C, 0x54, 0x41, 0x49, 0x4C, 1, 0, 0, 0, 0xED, 0x48, 0x60, 0xB9];

    /// <summary>Makes what is missing; false where nothing was.</summary>
    public bool Prepare()
    {
        if (_fileReady && _tailReady)
            return false;
        PrepareFile();
        PrepareTail();
        return true;
    }

    public void TakeFile(string path)
    {
        PrepareFile();
        disk.Rename(_file, path);
        _fileReady = false;
    }

    public void TakeTail(string path)
    {
        PrepareTail();
        disk.Rename(_tail, path);
        _tailReady = false;
    }

    private void PrepareFile()
    {
        if (_fileReady)
            return;
        byte[] content = (byte[])zeros.Clone();
        content[0] = FramedBlocksWithoutCompression;
        content[1] = JournalFileStream.Marker;
        Write(_file, content);
        _fileReady = true;
    }

    private void PrepareTail()
    {
        if (_tailReady)
            return;
        const int headerBytes = 8;
        byte[] content = new byte[(headerBytes + blockBytes + SectorBytes - 1) / SectorBytes * SectorBytes + CheckpointBytes];
        TailDescriptor.CopyTo(content.AsSpan(content.Length - TailDescriptor.Length));
        Write(_tail, content);
        _tailReady = true;
    }

    /// <summary>What an earlier process left under the name is of no use: nobody knows whether it is whole.</summary>
    private void Write(string path, byte[] content)
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.ExistingOrNew);
        file.SetLength(0);
        file.Write(0, content);
        file.SyncData();
    }
}
