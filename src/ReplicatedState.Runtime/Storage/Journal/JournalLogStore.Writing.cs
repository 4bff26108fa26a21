using System.Buffers;
using System.Buffers.Binary;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

// How an operation becomes records, and how segments begin and end.
public sealed partial class JournalLogStore
{
    private readonly ArrayBufferWriter<byte> _payload = new();

    private JournalGroup FindOrAdd(GroupId group)
    {
        if (!_groups.TryGetValue(group, out JournalGroup? log))
            _groups.Add(group, log = new JournalGroup(group));
        return log;
    }

    /// <summary>Before the first change of a batch: a new segment begins with what was known before it.</summary>
    private bool BeginBatch()
    {
        if (!_writer.IsSegmentDue)
            return _writer.BeginBatch();
        JournalSegment full = _writer.Active;
        BeginSegment(full.Number + 1, new SegmentStart(full.Number, full.End, full.LastChecksum, _segments[0].Number, _groups.Count));
        return true;
    }

    private void BeginSegment(ulong number, in SegmentStart start)
    {
        JournalSegment segment = _writer.Create(number);
        _segments.Add(segment);
        _writer.Begin(segment, start);
        foreach (JournalGroup log in _groups.Values)
        {
            _payload.ResetWrittenCount();
            log.WriteCheckpoint(_payload);
            Append(JournalRecordType.Checkpoint, log, log.LastIndex, log.HardState.Term, _payload.WrittenSpan);
        }
    }

    private void WriteHardState(JournalGroup log, HardState state)
    {
        Span<byte> vote = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(vote, state.Vote.Value);
        Append(JournalRecordType.HardState, log, state.Commit, state.Term, vote);
        log.HardState = state;
    }

    private void WriteTruncation(JournalGroup log, ulong from)
    {
        Invariant.Holds(from > log.Base.Index, "what compaction gave up is not truncated");
        Append(JournalRecordType.Truncate, log, from, 0, default);
        log.Truncate(from);
    }

    private void WriteInstallation(JournalGroup log, SnapshotMeta snapshot)
    {
        Invariant.Holds(snapshot.Index > log.Base.Index || log.LastIndex == log.Base.Index, "a snapshot doesn't take the log back");
        _payload.ResetWrittenCount();
        SnapshotMetaEncoding.Write(_payload, snapshot);
        Append(JournalRecordType.Install, log, snapshot.Index, snapshot.Term, _payload.WrittenSpan);
        log.Install(snapshot);
    }

    private void WriteAnchor(JournalGroup log, LogPosition newBase, SnapshotMeta snapshot)
    {
        _payload.ResetWrittenCount();
        SnapshotMetaEncoding.Write(_payload, snapshot);
        Append(JournalRecordType.Anchor, log, newBase.Index, newBase.Term, _payload.WrittenSpan);
        log.SetAnchor(newBase, snapshot);
    }

    private void WriteEntry(JournalGroup log, in Entry entry)
    {
        Invariant.Holds(entry.Index == log.LastIndex + 1, "entries are written without gaps");
        ReadOnlySpan<byte> payload = entry.Payload.Span;
        log.Append(_writer.Append(new JournalRecord(JournalRecordType.Entry, log.Id, entry.Kind, entry.Index, entry.Term, entry.LogTimeMs, payload.Length), payload));
    }

    private void Append(JournalRecordType type, JournalGroup log, ulong index, ulong term, ReadOnlySpan<byte> payload) =>
        _writer.Append(new JournalRecord(type, log.Id, default, index, term, 0, payload.Length), payload);
}
