using System.Globalization;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The segments that a directory holds, and which of them the journal consists of.</summary>
internal sealed class JournalFiles
{
    /// <summary>The start of a segment seldom takes more.</summary>
    private const long StartBytesMax = 1024 * 1024;

    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly SortedDictionary<ulong, SegmentStart?> _starts = [];

    /// <exception cref="StorageFailedException">Something else wrote the directory, or it is damaged.</exception>
    public JournalFiles(IDisk disk, string directory)
    {
        _disk = disk;
        _directory = directory;
        disk.CreateDirectory(directory);
        if (disk.ListDirectories(directory) is [{ } stray, ..])
            throw Foreign(stray);
        foreach (string name in disk.ListFiles(directory))
        {
            if (!JournalSegment.TryParseName(name, out ulong number))
                throw Foreign(name);
            _starts.Add(number, SegmentStart.TryRead(Read(number, StartBytesMax), number, out SegmentStart start) || SegmentStart.TryRead(Read(number, long.MaxValue), number, out start) ? start : null);
        }

        FindChain();
    }

    /// <summary>The segments of the journal in their order, each with its start.</summary>
    public List<(ulong Number, SegmentStart Start)> Chain { get; } = [];

    /// <summary>The highest number that was ever used here, as far as the directory shows.</summary>
    public ulong Highest => _starts.Keys.LastOrDefault();

    public IEnumerable<ulong> Numbers => _starts.Keys;

    public string PathOf(ulong number) => Path.Combine(_directory, JournalSegment.NameOf(number));

    public IStorageFile Open(ulong number) => _disk.Open(PathOf(number), FileOpenMode.Existing);

    public byte[] ReadAll(ulong number) => Read(number, long.MaxValue);

    /// <summary>Where a batch begins at or after an offset; −1 for nowhere. It is recognised without what is before it.</summary>
    public static long FindBatch(ReadOnlySpan<byte> segment, ulong number, long from)
    {
        for (long offset = from & -JournalRecord.Alignment; offset + JournalRecord.HeaderBytes <= segment.Length; offset += JournalRecord.Alignment)
        {
            if (offset >= from && JournalRecord.TryRead(segment[(int)offset..], number, offset, 0, out JournalRecord record, out _) && record.Type == JournalRecordType.Batch)
                return offset;
        }

        return -1;
    }

    public StorageFailedException Damaged(ulong number, long offset, string what) => Refusal(
        _directory, string.Create(CultureInfo.InvariantCulture, $"{PathOf(number)} at offset {offset}: {what}"));

    public static StorageFailedException Refusal(string directory, string what) => new(
        $"The log in {directory} is damaged within what was durable: {what}. This node can't be sure what it promised, so it doesn't start. "
        + "Empty its data directory and let it join again as a new member, or restore the directory from a backup.");

    private byte[] Read(ulong number, long bytesMax)
    {
        using IStorageFile file = Open(number);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)Math.Min(bytesMax, file.Length)));
        int count = file.Read(0, bytes);
        return count == bytes.Length ? bytes : bytes[..count];
    }

    /// <summary>From the newest segment that was begun backwards; what is newer and was not begun is the torn end of the journal, unless something was synced in it.</summary>
    private void FindChain()
    {
        ulong next = 0;
        foreach ((ulong number, SegmentStart? start) in _starts.Reverse())
        {
            if (start is not null)
            {
                next = number;
                break;
            }

            if (FindBatch(ReadAll(number), number, 0) is var batch and >= 0)
                throw Damaged(number, 0, $"the segment's start isn't whole, although a batch at offset {batch} follows it");
        }

        while (next != 0 && _starts.TryGetValue(next, out SegmentStart? start) && start is { } whole)
        {
            Chain.Insert(0, (next, whole));
            next = whole.Previous;
        }
    }

    private StorageFailedException Foreign(string name) => new(
        $"The log directory {_directory} was not written by this store: it holds {name}. Give the node an empty data directory and let it join again as a new member, or start the version that wrote it.");
}
