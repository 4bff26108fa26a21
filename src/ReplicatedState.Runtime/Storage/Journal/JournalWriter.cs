using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The end of the journal: gathers records, writes them in one piece, and syncs them together.</summary>
/// <remarks>Not safe for concurrent use: the store's lock is held around everything but <see cref="SyncData"/>.</remarks>
internal sealed class JournalWriter(IDisk disk, string directory, JournalLogStoreOptions options)
{
    private static readonly byte[] Zeros = new byte[256 * 1024];
    private byte[] _gathered = new byte[4096];
    private int _gatheredBytes;
    private long _filledTo;
    private uint _batch;
    private bool _isBatchOpen;

    /// <summary>The segment that is written.</summary>
    public JournalSegment Active { get; private set; } = null!;

    /// <summary>True while there is something that a sync would make durable.</summary>
    public bool HasUnsynced { get; private set; }

    /// <summary>Whether the next batch belongs into a new segment.</summary>
    public bool IsSegmentDue => !_isBatchOpen && Active.End >= options.SegmentBytes;

    /// <summary>Creates the next segment's file; its name is durable when this returns.</summary>
    public JournalSegment Create(ulong number)
    {
        IStorageFile file = disk.Open(Path.Combine(directory, JournalSegment.NameOf(number)), FileOpenMode.New);
        disk.SyncDirectory(directory);
        return new JournalSegment(number, file);
    }

    /// <summary>Goes on in a new segment. Its first record begins a batch, and says that everything before it was synced.</summary>
    public void Begin(JournalSegment segment, in SegmentStart start)
    {
        Invariant.Holds(_gatheredBytes == 0 && !HasUnsynced, "a segment begins after a sync");
        Active = segment;
        _filledTo = 0;
        Span<byte> payload = stackalloc byte[SegmentStart.PayloadBytes];
        JournalRecord record = start.ToRecord(payload);
        _batch = 0;
        _isBatchOpen = true;
        Append(record, payload);
        _batch = segment.LastChecksum;
    }

    /// <summary>Begins a batch unless one is begun; it needn't get records at once.</summary>
    public bool BeginBatch()
    {
        if (_isBatchOpen)
            return false;
        var record = new JournalRecord(JournalRecordType.Batch, default, default, 0, Active.LastChecksum, 0, 0);
        _isBatchOpen = true;
        Gather(record, default);
        _batch = Active.LastChecksum;
        return true;
    }

    /// <summary>Adds a record to the batch.</summary>
    /// <returns>Where it will stand.</returns>
    public EntryPlace Append(in JournalRecord record, ReadOnlySpan<byte> payload)
    {
        HasUnsynced = true;
        return Gather(record, payload);
    }

    /// <summary>Writes what has gathered, and zeros ahead of it.</summary>
    public void WriteOut()
    {
        if (_gatheredBytes == 0)
            return;
        long end = Active.End;
        Active.File.Write(end - _gatheredBytes, _gathered.AsSpan(0, _gatheredBytes));
        _gatheredBytes = 0;
        if (end > _filledTo)
            FillFrom(end);
    }

    /// <summary>Fills ahead when little of the zeros is left, so that this needn't happen within a sync; false where it wasn't due.</summary>
    public bool FillAhead()
    {
        if (_filledTo >= options.SegmentBytes || _filledTo - Active.End >= options.ZeroFillBytes / 2)
            return false;
        FillFrom(_filledTo);
        return true;
    }

    /// <summary>Returns when what was written out is durable. The lock isn't held: readers go on.</summary>
    public void SyncData() => Active.File.SyncData();

    /// <summary>The sync returned: the batch has ended.</summary>
    public void OnSynced()
    {
        HasUnsynced = false;
        _isBatchOpen = false;
    }

    /// <summary>Copies a record that has gathered and isn't in the file; false where it is in the file.</summary>
    public bool TryCopy(in EntryPlace place, Span<byte> into)
    {
        long gatheredFrom = Active.End - _gatheredBytes;
        if (!ReferenceEquals(place.Segment, Active) || place.Offset < gatheredFrom)
            return false;
        _gathered.AsSpan((int)(place.Offset - gatheredFrom), place.SizeBytes).CopyTo(into);
        return true;
    }

    private EntryPlace Gather(in JournalRecord record, ReadOnlySpan<byte> payload)
    {
        if (_gatheredBytes >= options.GatheredBytesMax)
            WriteOut();
        int size = record.SizeBytes;
        if (_gathered.Length - _gatheredBytes < size)
            Array.Resize(ref _gathered, Math.Max(_gathered.Length * 2, _gatheredBytes + size));
        long offset = Active.End;
        Active.LastChecksum = record.Write(_gathered.AsSpan(_gatheredBytes), payload, Active.Number, offset, _batch);
        _gatheredBytes += size;
        Active.End += size;
        return new EntryPlace(Active, offset, size, _batch, record.Term);
    }

    private void FillFrom(long offset)
    {
        _filledTo = Math.Max(offset, Math.Min(options.SegmentBytes, offset + options.ZeroFillBytes));
        for (long at = offset; at < _filledTo; at += Zeros.Length)
            Active.File.Write(at, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, _filledTo - at)));
    }
}
