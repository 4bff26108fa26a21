using System.Buffers.Binary;
using System.Globalization;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Reads the journal again, record by record: everything up to the last batch has to be whole, the last batch as far as it is.</summary>
internal sealed class JournalRecovery(string directory, JournalFiles files, SortedDictionary<GroupId, JournalGroup> groups)
{
    private readonly List<(JournalRecord Record, byte[] Payload)> _last = [];

    /// <summary>The segments that were read, in their order. The last one is given up where all of it is its last batch.</summary>
    public List<JournalSegment> Segments { get; } = [];

    /// <summary>The oldest segment that is needed.</summary>
    public ulong Oldest { get; private set; } = 1;

    /// <summary>How the segment that is begun now goes on from what was read: without the last batch, whose records are in <see cref="LastBatch"/>.</summary>
    public SegmentStart GoOn { get; private set; }

    /// <summary>The records of the last batch, which may or may not have been synced.</summary>
    public IReadOnlyList<(JournalRecord Record, byte[] Payload)> LastBatch => _last;

    /// <exception cref="StorageFailedException">Something that was synced is damaged or contradicts itself.</exception>
    public void Read()
    {
        for (int i = 0; i < files.Chain.Count; i++)
        {
            (ulong number, SegmentStart start) = files.Chain[i];
            var segment = new JournalSegment(number, files.Open(number));
            Segments.Add(segment);
            Oldest = Math.Max(Oldest, start.Oldest);
            if (i < files.Chain.Count - 1)
                ReadSealed(segment, files.Chain[i + 1].Start, isFirst: i == 0);
            else
                ReadNewest(segment, start, isFirst: i == 0);
        }

        if (files.Chain.Count > 0 && files.Chain[0].Number > Oldest)
            throw JournalFiles.Refusal(directory, $"{files.PathOf(files.Chain[0].Start.Previous)} is missing or its start is damaged, although the segment is still needed");
    }

    /// <summary>Takes a record in, where it stands now.</summary>
    public void Apply(in JournalRecord record, ReadOnlySpan<byte> payload, in EntryPlace place)
    {
        if (!groups.TryGetValue(record.Group, out JournalGroup? log))
            groups.Add(record.Group, log = new JournalGroup(record.Group));
        string? wrong = record.Type switch
        {
            JournalRecordType.Entry => Append(log, record, place),
            JournalRecordType.MovedEntry => Move(log, record, place),
            JournalRecordType.Truncate => Truncate(log, record),
            JournalRecordType.HardState => SetHardState(log, record, payload),
            JournalRecordType.Anchor => SetAnchor(log, record, payload),
            JournalRecordType.Install => Install(log, payload),
            _ => $"a record of type {(byte)record.Type}, which this version doesn't know, or which doesn't belong there",
        };
        if (wrong is not null)
            throw files.Damaged(place.Segment!.Number, place.Offset, wrong);
    }

    private void ReadSealed(JournalSegment segment, in SegmentStart next, bool isFirst)
    {
        byte[] bytes = files.ReadAll(segment.Number);
        long damage = ReadRecords(segment, bytes.AsSpan(0, (int)Math.Min(bytes.Length, next.PreviousEnd)), isFirst, lastBatch: long.MaxValue);
        if (damage < next.PreviousEnd)
            throw files.Damaged(segment.Number, damage, "there is no valid record");
        if (segment.LastChecksum != next.PreviousChecksum)
            throw files.Damaged(segment.Number, damage, "the segment after it was begun after another record");
    }

    private void ReadNewest(JournalSegment segment, in SegmentStart start, bool isFirst)
    {
        byte[] bytes = files.ReadAll(segment.Number);
        (long lastBatch, long end) = FindLastBatch(segment.Number, bytes);
        if (JournalFiles.FindBatch(bytes, segment.Number, end) is var batch and >= 0)
            throw files.Damaged(segment.Number, end, $"there is no valid record, although a batch at offset {batch} follows");
        ReadRecords(segment, bytes.AsSpan(0, (int)end), isFirst, lastBatch);
        if (lastBatch > 0)
        {
            GoOn = new SegmentStart(segment.Number, segment.End, segment.LastChecksum, 0, 0);
            return;
        }

        // All of it is one batch: the segment that is begun now takes its place.
        GoOn = start;
        Segments.RemoveAt(Segments.Count - 1);
        segment.Dispose();
    }

    /// <summary>Where the last batch begins, and where its last whole record ends.</summary>
    private static (long LastBatch, long End) FindLastBatch(ulong number, byte[] bytes)
    {
        long lastBatch = 0;
        long offset = 0;
        uint batch = 0;
        uint before = 0;
        while (JournalRecord.TryRead(bytes.AsSpan((int)offset), number, offset, batch, out JournalRecord record, out uint checksum))
        {
            if (record.Type == JournalRecordType.Batch)
            {
                if (record.Term != before)
                    break;
                lastBatch = offset;
            }

            if (record.Type is JournalRecordType.Batch or JournalRecordType.SegmentStart)
                batch = checksum;
            before = checksum;
            offset += record.SizeBytes;
        }

        return (lastBatch, offset);
    }

    /// <summary>Reads records up to the end of the bytes, or to the first that isn't one; those from the last batch on are kept aside.</summary>
    /// <returns>Where it stopped.</returns>
    private long ReadRecords(JournalSegment segment, ReadOnlySpan<byte> bytes, bool isFirst, long lastBatch)
    {
        long offset = 0;
        uint batch = 0;
        bool isLast = lastBatch == 0;
        while (JournalRecord.TryRead(bytes[(int)offset..], segment.Number, offset, batch, out JournalRecord record, out uint checksum))
        {
            ReadOnlySpan<byte> payload = record.PayloadIn(bytes[(int)offset..]);
            isLast |= offset == lastBatch;
            switch (record.Type)
            {
                case JournalRecordType.Batch when record.Term != segment.LastChecksum && !isLast:
                    return offset;
                case JournalRecordType.SegmentStart or JournalRecordType.Batch:
                    batch = checksum;
                    break;
                case JournalRecordType.Checkpoint:
                    TakeCheckpoint(segment, offset, record, payload, isFirst);
                    break;
                case JournalRecordType.Oldest:
                    Oldest = Math.Max(Oldest, record.Index);
                    break;
                default:
                    if (isLast)
                        _last.Add((record, payload.ToArray()));
                    else
                        Apply(record, payload, new EntryPlace(segment, offset, record.SizeBytes, batch, record.Term));
                    break;
            }

            offset += record.SizeBytes;
            if (isLast)
                continue;
            segment.End = offset;
            segment.LastChecksum = checksum;
        }

        return offset;
    }

    private void TakeCheckpoint(JournalSegment segment, long offset, in JournalRecord record, ReadOnlySpan<byte> payload, bool isFirst)
    {
        if (!groups.TryGetValue(record.Group, out JournalGroup? log))
            groups.Add(record.Group, log = new JournalGroup(record.Group));
        try
        {
            if (!log.Take(record, payload, isFirst))
                throw files.Damaged(segment.Number, offset, $"the checkpoint of group {record.Group} contradicts the records before it");
        }
        catch (FormatException error)
        {
            throw files.Damaged(segment.Number, offset, error.Message);
        }
    }

    private static string? Append(JournalGroup log, in JournalRecord record, in EntryPlace place)
    {
        if (record.Index != log.LastIndex + 1)
            return string.Create(CultureInfo.InvariantCulture, $"entry {record.Index} of group {log.Id} follows entry {log.LastIndex}");
        log.Append(place);
        return null;
    }

    private static string? Move(JournalGroup log, in JournalRecord record, in EntryPlace place)
    {
        if (!log.Holds(record.Index))
            return string.Create(CultureInfo.InvariantCulture, $"entry {record.Index} of group {log.Id} is copied, and isn't one of its log");
        log.Move(record.Index, place);
        return null;
    }

    private static string? Truncate(JournalGroup log, in JournalRecord record)
    {
        if (!log.Holds(record.Index))
            return string.Create(CultureInfo.InvariantCulture, $"group {log.Id} is truncated at {record.Index}, which isn't an entry of its log");
        log.Truncate(record.Index);
        return null;
    }

    private static string? SetHardState(JournalGroup log, in JournalRecord record, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != sizeof(ulong))
            return "a hard state without a vote";
        log.HardState = new HardState(record.Term, new RaftId(BinaryPrimitives.ReadUInt64LittleEndian(payload)), record.Index);
        return null;
    }

    private static string? SetAnchor(JournalGroup log, in JournalRecord record, ReadOnlySpan<byte> payload)
    {
        if (record.Index < log.Base.Index || record.Index > log.LastIndex)
            return string.Create(CultureInfo.InvariantCulture, $"the base of group {log.Id} moves to {record.Index}, which isn't in its log");
        if (ReadSnapshot(payload, out SnapshotMeta snapshot) is { } wrong)
            return wrong;
        log.SetAnchor(new LogPosition(record.Index, record.Term), snapshot);
        return null;
    }

    private static string? Install(JournalGroup log, ReadOnlySpan<byte> payload)
    {
        if (ReadSnapshot(payload, out SnapshotMeta snapshot) is { } wrong)
            return wrong;
        log.Install(snapshot);
        return null;
    }

    private static string? ReadSnapshot(ReadOnlySpan<byte> payload, out SnapshotMeta snapshot)
    {
        snapshot = SnapshotMeta.None;
        try
        {
            snapshot = SnapshotMetaEncoding.Read(ref payload);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }
}
