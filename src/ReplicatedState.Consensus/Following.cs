namespace ReplicatedState.Consensus;

// The follower's half of Raft 5.3: accept what follows something that it has, say where it differs otherwise.
// Keeps I2 (log matching), I20 (never truncate what is committed) and I13 (no acknowledgement above what is durable).
public sealed partial class RaftCore
{
    private void OnAppend(in Message m)
    {
        if (m.Log.Index < _commit && _config.Mutant != CoreMutant.CompactedPositionRefused)
        {
            // The position is below what is committed here, so the entries are known already, or will be sent again from above.
            Acknowledge(m.From, _commit, m.SentAtMs);
            return;
        }

        if (!_log.Holds(m.Log) && !(m.Entries.IsEmpty && _config.Mutant == CoreMutant.EmptyAppendUnchecked))
        {
            RefuseAppend(m);
            return;
        }

        ulong verified = AppendMissing(m);
        CommitThrough(Math.Min(m.Commit, _config.Mutant == CoreMutant.CommitBeyondVerified ? _log.Last.Index : verified));
        Acknowledge(m.From, verified, m.SentAtMs);
    }

    /// <summary>Appends what the log lacks and removes only what truly conflicts: a late, short Append must not cut off what came after it.</summary>
    /// <returns>The last index that this message proves to be equal to the leader's.</returns>
    private ulong AppendMissing(in Message m)
    {
        ReadOnlySpan<Entry> entries = m.Entries.Span;
        int known = 0;
        while (known < entries.Length && _log.Holds(entries[known].Position) && _config.Mutant != CoreMutant.ShortAppendTruncates)
            known++;
        for (int i = known; i < entries.Length; i++)
        {
            if (i == known && entries[i].Index <= _log.Last.Index)
                TruncateFrom(entries[i].Index);
            AppendEntry(entries[i]);
        }

        return m.Log.Index + (ulong)entries.Length;
    }

    private void TruncateFrom(ulong index)
    {
        Invariant.Holds(index > _commit, "what is committed is never truncated");
        _log.TruncateFrom(index);
        if (_config.Mutant != CoreMutant.StaleDurableAfterTruncation)
            LimitDurable(index);
        Trace(TransitionKind.LogTruncated, default, _log.Last);
        if (_config.Mutant != CoreMutant.ConfigurationOutlivesTruncation && _configurations.TruncateFrom(index))
            OnConfigurationChanged();
    }

    private void AppendEntry(in Entry entry)
    {
        _log.Append(entry);
        if (entry.Kind != EntryKind.Config)
            return;
        _configurations.Append(entry.Index, ConfigurationCodec.Decode(entry.Payload.Span));
        OnConfigurationChanged();
    }

    /// <summary>Names the highest position that could still agree: no index above the refused one's term needs to be tried (Raft 5.3, end).</summary>
    private void RefuseAppend(in Message m)
    {
        LogPosition hint = FindAgreement(Math.Min(m.Log.Index, _log.Last.Index), m.Log.Term);
        Send(new Message
        {
            Kind = MessageKind.AppendResponse,
            To = m.From,
            Reject = true,
            Log = new LogPosition(m.Log.Index, 0),
            Hint = hint,
            SentAtMs = m.SentAtMs,
            WallClockMs = Clock.WallMs,
            PromiseMs = _config.LeasePromiseMs,
        });
    }

    /// <summary>The last position at or below <paramref name="index"/> whose term is not above <paramref name="term"/>.</summary>
    private LogPosition FindAgreement(ulong index, ulong term)
    {
        for (; index > 0; index--)
        {
            if (!_log.TryTermAt(index, out ulong here))
                return new LogPosition(index, 0); // compacted: only the index is known
            if (here <= term)
                return new LogPosition(index, here);
        }

        return default;
    }

    private void OnHeartbeat(in Message m)
    {
        if (!HoldsWhatItAcknowledged(m))
        {
            AnswerAsLoser(m);
            return;
        }

        // The leader caps the commit index by what it knows to be here.
        Invariant.Holds(m.Commit <= _log.Last.Index, "a leader commits on a follower only what that follower has acknowledged");
        CommitThrough(m.Commit);
        _betterVoters = m.Priority;
        Send(new Message
        {
            Kind = MessageKind.HeartbeatResponse,
            To = m.From,
            ReadRound = m.ReadRound,
            SentAtMs = m.SentAtMs,
            WallClockMs = Clock.WallMs,
            PromiseMs = _config.LeasePromiseMs,
            Priority = _config.Priority,
        });
    }

    /// <summary>What is durable here up to an index, and, where an Append is answered, when the leader sent it and what hearing it promised.</summary>
    private void Acknowledge(RaftId leader, ulong index, long sentAtMs = 0) =>
        Send(new Message
        {
            Kind = MessageKind.AppendResponse,
            To = leader,
            Log = new LogPosition(index, 0),
            SentAtMs = sentAtMs,
            WallClockMs = Clock.WallMs,
            PromiseMs = sentAtMs == 0 ? 0 : _config.LeasePromiseMs,
        });

    private void CommitThrough(ulong index)
    {
        if (index <= _commit && _config.Mutant != CoreMutant.CommitRegresses)
            return;
        Invariant.Holds(index <= _log.Last.Index, "nothing is committed that the log doesn't hold");
        _commit = index;
        Trace(TransitionKind.Committed, default, new LogPosition(index, _log.TermAt(index)));
    }
}
