using System.Buffers;
using System.Buffers.Binary;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>What the journal says of one group, record by record; the same code when records are written and when they are read again.</summary>
internal sealed class JournalGroup(GroupId id)
{
    // The place of entry Base.Index + 1 + i.
    private readonly List<EntryPlace> _places = [];

    public GroupId Id => id;

    public HardState HardState { get; set; }

    public LogPosition Base { get; private set; }

    public SnapshotMeta Snapshot { get; private set; } = SnapshotMeta.None;

    public ulong LastIndex => Base.Index + (ulong)_places.Count;

    /// <summary>The first entry whose place isn't known; 0 where all are.</summary>
    public ulong FirstMissing => _places.FindIndex(place => place.Segment is null) is var at && at < 0 ? 0 : Base.Index + 1 + (ulong)at;

    public EntryPlace PlaceOf(ulong index) => _places[(int)(index - Base.Index - 1)];

    public bool Holds(ulong index) => index > Base.Index && index <= LastIndex;

    public ulong TermAt(ulong index) => index == Base.Index ? Base.Term : PlaceOf(index).Term;

    public void Append(in EntryPlace place)
    {
        place.Segment!.LiveBytes += place.SizeBytes;
        _places.Add(place);
    }

    public void Move(ulong index, in EntryPlace place)
    {
        int at = (int)(index - Base.Index - 1);
        Forget(_places[at]);
        place.Segment!.LiveBytes += place.SizeBytes;
        _places[at] = place;
    }

    public void Truncate(ulong from)
    {
        while (LastIndex >= from && _places.Count > 0)
        {
            Forget(_places[^1]);
            _places.RemoveAt(_places.Count - 1);
        }
    }

    public void Install(SnapshotMeta snapshot)
    {
        Truncate(Base.Index + 1);
        Base = snapshot.Position;
        Snapshot = snapshot;
    }

    public void SetAnchor(LogPosition newBase, SnapshotMeta snapshot)
    {
        int count = (int)(newBase.Index - Base.Index);
        for (int i = 0; i < count; i++)
            Forget(_places[i]);
        _places.RemoveRange(0, count);
        Base = newBase;
        Snapshot = snapshot;
    }

    /// <summary>The first entry that lives in a segment; 0 where none does.</summary>
    public ulong FirstIn(JournalSegment segment) =>
        _places.FindIndex(place => ReferenceEquals(place.Segment, segment)) is var at && at < 0 ? 0 : Base.Index + 1 + (ulong)at;

    public void WriteCheckpoint(ArrayBufferWriter<byte> payload)
    {
        WriteU64(payload, HardState.Vote.Value);
        WriteU64(payload, HardState.Commit);
        WriteU64(payload, Base.Index);
        WriteU64(payload, Base.Term);
        SnapshotMetaEncoding.Write(payload, Snapshot);
    }

    /// <summary>Takes a checkpoint in: as the beginning, or to see that it says what the records before it said.</summary>
    /// <returns>False where it contradicts them.</returns>
    /// <exception cref="FormatException">The payload ends early.</exception>
    public bool Take(in JournalRecord record, ReadOnlySpan<byte> payload, bool isBeginning)
    {
        if (payload.Length < 4 * sizeof(ulong))
            throw new FormatException("a checkpoint ends early");
        var hardState = new HardState(record.Term, new RaftId(BinaryPrimitives.ReadUInt64LittleEndian(payload)), BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]));
        var basePosition = new LogPosition(BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]), BinaryPrimitives.ReadUInt64LittleEndian(payload[24..]));
        payload = payload[32..];
        SnapshotMeta snapshot = SnapshotMetaEncoding.Read(ref payload);
        if (!isBeginning)
            return hardState == HardState && basePosition == Base && snapshot.Position == Snapshot.Position && record.Index == LastIndex;
        if (record.Index < basePosition.Index)
            return false;
        HardState = hardState;
        Base = basePosition;
        Snapshot = snapshot;
        for (ulong index = basePosition.Index; index < record.Index; index++)
            _places.Add(default);
        return true;
    }

    /// <summary>What doesn't fit together; null where everything does.</summary>
    public string? Contradiction()
    {
        if (FirstMissing is var missing and not 0)
            return $"entry {missing} is missing";
        ulong term = Base.Term;
        for (int i = 0; i < _places.Count; i++)
        {
            if (_places[i].Term < term)
                return $"entry {Base.Index + 1 + (ulong)i} is of term {_places[i].Term}, after one of term {term}";
            term = _places[i].Term;
        }

        if (HardState.Term < term)
            return $"the log ends in term {term}, and the hard state says term {HardState.Term}";
        if (LastIndex < Snapshot.Index)
            return $"the log ends at {LastIndex}, and the snapshot covers {Snapshot.Index}";
        return Snapshot.Index < Base.Index ? $"the log begins above {Base.Index}, and the snapshot covers only {Snapshot.Index}" : null;
    }

    private static void Forget(in EntryPlace place)
    {
        if (place.Segment is { } segment)
            segment.LiveBytes -= place.SizeBytes;
    }

    private static void WriteU64(ArrayBufferWriter<byte> into, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into.GetSpan(sizeof(ulong)), value);
        into.Advance(sizeof(ulong));
    }
}
