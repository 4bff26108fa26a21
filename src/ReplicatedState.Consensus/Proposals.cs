namespace ReplicatedState.Consensus;

// How entries come into the log of a leader, and the two caps that keep memory bounded: bytes not committed, bytes not applied.
public sealed partial class RaftCore
{
    /// <summary>Batches of own proposals, as (last index, bytes): not committed, and committed but not applied.</summary>
    private readonly Queue<(ulong LastIndex, long Bytes)> _uncommitted = new();
    private readonly Queue<(ulong LastIndex, long Bytes)> _unapplied = new();
    private long _uncommittedBytes;
    private long _unappliedBytes;

    /// <summary>Appends a batch to the log, if this node leads. All of it or nothing.</summary>
    /// <remarks>
    /// The fate of entry (index, term) is told by what is applied there: the same term means committed, another that it never will be. Losing leadership
    /// tells nothing yet.
    /// </remarks>
    public ProposeResult Propose(ReadOnlySpan<ProposalData> batch)
    {
        if (_halted || _role != RaftRole.Leader)
            return new ProposeResult(ProposeOutcome.NotLeader, 0, 0, _halted ? RaftId.None : _leader, BusyReason.None);
        BusyReason busy = WhyBusy(batch);
        if (busy != BusyReason.None)
            return new ProposeResult(ProposeOutcome.Busy, 0, 0, _leader, busy);
        ulong first = _log.Last.Index + 1;
        if (batch.IsEmpty)
            return new ProposeResult(ProposeOutcome.Accepted, first, _term, _leader, BusyReason.None);
        long bytes = 0;
        foreach (ref readonly ProposalData proposal in batch)
            bytes += AppendOwn(proposal.Kind, proposal.Payload);
        _uncommitted.Enqueue((_log.Last.Index, bytes));
        _uncommittedBytes += bytes;
        BroadcastAppend();
        return new ProposeResult(ProposeOutcome.Accepted, first, _term, _leader, BusyReason.None);
    }

    private BusyReason WhyBusy(ReadOnlySpan<ProposalData> batch)
    {
        if (!_transferTarget.IsNone && _config.Mutant != CoreMutant.ProposalDuringTransfer)
            return BusyReason.LeadershipTransfer;
        long bytes = 0;
        foreach (ref readonly ProposalData proposal in batch)
            bytes += Entry.OverheadBytes + proposal.Payload.Length;
        // A batch that is too large by itself must pass when nothing else is under way, or it never would.
        if (_uncommittedBytes > 0 && _uncommittedBytes + bytes > _config.UncommittedBytesMax)
            return BusyReason.UncommittedBytes;
        return _unappliedBytes > _config.UnappliedBytesMax ? BusyReason.UnappliedBytes : BusyReason.None;
    }

    /// <summary>Appends one entry of the own term; returns what it counts.</summary>
    private long AppendOwn(EntryKind kind, Payload payload)
    {
        long time = _logClock.Stamp(_log.LastLogTimeMs, Clock, Members.Voters, _progress);
        var entry = new Entry(_log.Last.Index + 1, _term, kind, time, payload);
        AppendEntry(entry);
        if (_config.Mutant == CoreMutant.OwnEntryCountsBeforeDurable)
            _progress.Find(_config.Self)?.Acknowledge(entry.Index);
        return entry.SizeBytes;
    }

    private void ReleaseUncommitted()
    {
        while (_uncommitted.TryPeek(out (ulong LastIndex, long Bytes) batch) && batch.LastIndex <= _commit)
        {
            _uncommitted.Dequeue();
            _uncommittedBytes -= batch.Bytes;
            _unapplied.Enqueue(batch);
            _unappliedBytes += batch.Bytes;
        }
    }

    private void ReleaseUnapplied()
    {
        while (_unapplied.TryPeek(out (ulong LastIndex, long Bytes) batch) && batch.LastIndex <= _applied)
        {
            _unapplied.Dequeue();
            _unappliedBytes -= batch.Bytes;
        }
    }

    private void ForgetUncommitted()
    {
        _uncommitted.Clear();
        if (_config.Mutant != CoreMutant.UncommittedBytesLeak)
            _uncommittedBytes = 0;
    }
}
