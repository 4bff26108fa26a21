using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

// Segments go from the oldest on, as soon as no entry lives in them.
public sealed partial class JournalLogStore
{
    /// <summary>Bytes of entries that one turn of maintenance copies.</summary>
    private const long MovedBytesMax = 256 * 1024;

    /// <inheritdoc/>
    public bool Maintain()
    {
        bool dueToDrop;
        lock (_gate)
        {
            ThrowIfUnusable();
            try
            {
                dueToDrop = NeedlessSegments() > 0;
                if (!dueToDrop)
                    return MoveEntries() || Mark() || _writer.FillAhead();
                BeginBatch();
                _writer.Append(new JournalRecord(JournalRecordType.Oldest, default, default, _segments[NeedlessSegments()].Number, 0, 0, 0), default);
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }

        // What makes the segments needless is durable before they go.
        Sync();
        lock (_gate)
        {
            try
            {
                DropSegments(NeedlessSegments());
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }

        return true;
    }

    /// <summary>Begins the next batch while nothing is under way: once that has reached the disk, damage of the last one is told from a torn end.</summary>
    private bool Mark()
    {
        if (_writer.HasUnsynced || !BeginBatch())
            return false;
        _writer.WriteOut();
        return true;
    }

    private int NeedlessSegments()
    {
        int count = 0;
        while (count < _segments.Count - 1 && _segments[count].LiveBytes == 0)
            count++;
        return count;
    }

    private void DropSegments(int count)
    {
        for (int i = 0; i < count; i++)
            Drop(_segments[i]);
        _segments.RemoveRange(0, count);
        _disk.SyncDirectory(_directory);
    }

    private void Drop(JournalSegment segment)
    {
        string path = segment.File.Path;
        segment.Dispose();
        _disk.Delete(path);
    }

    /// <summary>Where at least half of the sealed segments is garbage, what lives in the oldest is copied forward: a group that writes little would hold all that the others wrote since.</summary>
    private bool MoveEntries()
    {
        if (_segments.Count < 2)
            return false;
        long sealedBytes = 0;
        long liveBytes = 0;
        for (int i = 0; i < _segments.Count - 1; i++)
        {
            sealedBytes += _segments[i].End;
            liveBytes += _segments[i].LiveBytes;
        }

        if (liveBytes * 2 > sealedBytes)
            return false;
        BeginBatch();
        JournalSegment oldest = _segments[0];
        long moved = 0;
        foreach (JournalGroup log in _groups.Values)
        {
            for (ulong index = log.FirstIn(oldest); index != 0 && log.Holds(index) && moved < MovedBytesMax; index++)
            {
                if (!ReferenceEquals(log.PlaceOf(index).Segment, oldest))
                    continue;
                Entry entry = ReadEntry(log, index);
                ReadOnlySpan<byte> payload = entry.Payload.Span;
                EntryPlace place = _writer.Append(new JournalRecord(JournalRecordType.MovedEntry, log.Id, entry.Kind, index, entry.Term, entry.LogTimeMs, payload.Length), payload);
                log.Move(index, place);
                moved += place.SizeBytes;
            }
        }

        return true;
    }

    private void EndInOrder()
    {
        Sync();
        lock (_gate)
        {
            try
            {
                if (BeginBatch())
                    _writer.WriteOut();
            }
            catch (Exception error)
            {
                throw Record(error);
            }
        }
    }
}
