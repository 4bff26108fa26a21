using System.Buffers;
using MessagePack;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Apply;

/// <summary>What a group's snapshot says before its state, for humans: it can be read without the binary that has the machine.</summary>
/// <param name="File">The file and its header; every byte of it was checked.</param>
/// <param name="BinaryVersion">The newest machine version of the binary that wrote it.</param>
/// <param name="ApplyHash">The chained hash of all that was applied up to it.</param>
/// <param name="Commands">The machine's commands, id → name.</param>
/// <param name="Events">Its events, id → name.</param>
/// <param name="State">Its state members, id → name.</param>
public sealed record SnapshotSummary(
    StoredSnapshot File,
    int BinaryVersion,
    UInt128 ApplyHash,
    IReadOnlyDictionary<uint, string> Commands,
    IReadOnlyDictionary<uint, string> Events,
    IReadOnlyDictionary<uint, string> State)
{
    /// <summary>Checks a snapshot file and reads what it says of itself.</summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="path">The file, as an absolute path.</param>
    /// <exception cref="StorageFailedException">There is no such file, or it can't be read.</exception>
    /// <exception cref="InvalidSnapshotException">It is damaged, or no snapshot of this format.</exception>
    public static SnapshotSummary Read(IDisk disk, string path)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!disk.FileExists(path))
            throw new StorageFailedException($"There is no file {path}.");
        StoredSnapshot file = SnapshotFile.Verify(disk, path);
        using var content = new SnapshotContent(disk.Open(path, FileOpenMode.Existing));
        try
        {
            return Read(file, content.Bytes);
        }
        catch (Exception error) when (error is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new InvalidSnapshotException($"The snapshot {path} is whole, and its content can't be decoded: {error.Message}", error);
        }
    }

    private static SnapshotSummary Read(StoredSnapshot file, in ReadOnlySequence<byte> content)
    {
        var reader = new MessagePackReader(content);
        int parts = reader.ReadArrayHeader();
        int format = reader.ReadInt32();
        if (format != GroupMachine.SnapshotFormatVersion || parts != GroupMachine.SnapshotPartsCount)
            throw new InvalidSnapshotException($"The snapshot {file.Path} has format {format} with {parts} parts, and this binary reads format {GroupMachine.SnapshotFormatVersion}.");
        reader.Skip(); // the machine's name, which the header has too
        int binaryVersion = reader.ReadInt32();
        Dictionary<uint, string> commands = ReadNames(ref reader);
        Dictionary<uint, string> events = ReadNames(ref reader);
        Dictionary<uint, string> state = ReadNames(ref reader);
        for (int i = 0; i < 3; i++)
            reader.Skip(); // index, term and log time, as in the header
        return new SnapshotSummary(file, binaryVersion, ScalarFormat.ReadUInt128(ref reader), commands, events, state);
    }

    private static Dictionary<uint, string> ReadNames(ref MessagePackReader reader)
    {
        var names = new Dictionary<uint, string>();
        int count = reader.ReadMapHeader();
        for (int i = 0; i < count; i++)
            names[reader.ReadUInt32()] = reader.ReadString() ?? "";
        return names;
    }
}
