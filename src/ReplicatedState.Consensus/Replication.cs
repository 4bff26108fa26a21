namespace ReplicatedState.Consensus;

// The leader's half of Raft 5.3 and 5.4.2: stream entries to each member, find where logs agree, commit what a quorum has on disk.
// Keeps I5 (committed is durable on a quorum), I8 (only entries of the own term are committed by counting) and I14.
public sealed partial class RaftCore
{
    /// <summary>Messages to the node can't be delivered at the moment.</summary>
    public void ReportUnreachable(RaftId node)
    {
        // What was streamed optimistically is probably lost: go back to probing.
        if (_role == RaftRole.Leader && _progress.Find(node) is { State: ProgressState.Replicate } peer)
            peer.BecomeProbe();
    }

    private void StartReplication()
    {
        TrackMembers();
        for (int i = 0; i < _progress.Count; i++)
        {
            Progress peer = _progress[i];
            ClockReading reported = peer.ReportedClock;
            bool isSelf = peer.Id == _config.Self;
            peer.Reset(_log.Last.Index + 1, isSelf ? _durable.Index : 0);
            peer.ReportedClock = reported; // clocks came with the votes and are as good as ever
            if (isSelf)
                peer.BecomeReplicate();
        }

        StartReads();
        _wellChecksNeeded = WellChecksMin;
        _logClock.Start(Clock);
    }

    private void BroadcastAppend()
    {
        for (int i = 0; i < _progress.Count; i++)
        {
            if (_progress[i].Id != _config.Self)
                SendAppend(_progress[i], evenIfEmpty: true);
        }
    }

    /// <summary>Sends the next entries to a member, or a snapshot where they are gone; false where there was nothing to send or the member is paused.</summary>
    private bool SendAppend(Progress peer, bool evenIfEmpty)
    {
        if (peer.IsPaused)
            return false;
        ulong previous = peer.Next - 1;
        if (!_log.TryTermAt(previous, out ulong previousTerm))
            return SendSnapshot(peer);

        ReadOnlyMemory<Entry> entries = default;
        long bytes = 0;
        // A full window lets an empty Append through, so that a member that lost everything in flight can say so.
        if ((peer.State != ProgressState.Replicate || !peer.Inflight.IsFull) && peer.Next <= _log.Last.Index)
        {
            int wanted = (int)Math.Min((ulong)_config.AppendEntriesMax, _log.Last.Index - previous);
            Memory<Entry> room = _out.RentEntries(wanted);
            int read = _log.Read(peer.Next, room.Span, _config.AppendBytesMax);
            entries = room[..read];
            foreach (ref readonly Entry entry in entries.Span)
                bytes += entry.SizeBytes;
        }

        if (entries.IsEmpty && !evenIfEmpty)
            return false;
        Send(new Message
        {
            Kind = MessageKind.Append,
            To = peer.Id,
            Log = new LogPosition(previous, previousTerm),
            Entries = entries,
            Commit = _commit,
            SentAtMs = LeasesOn ? Clock.MonotonicMs : 0,
        });
        peer.Sent(entries.Length, bytes, _commit);
        return true;
    }

    private void BroadcastHeartbeat()
    {
        for (int i = 0; i < _progress.Count; i++)
        {
            Progress peer = _progress[i];
            if (peer.Id == _config.Self)
                continue;
            ulong commit = _config.Mutant == CoreMutant.HeartbeatCommitUncapped ? _commit : Math.Min(peer.Match, _commit);
            Send(new Message
            {
                Kind = MessageKind.Heartbeat,
                To = peer.Id,
                Commit = commit,
                ReadRound = _readRound,
                SentAtMs = Clock.MonotonicMs,
                Priority = BetterVotersThan(peer),
                Match = peer.Match,
            });
            peer.HeartbeatSent(commit);
        }
    }

    private void OnAppendResponse(in Message m)
    {
        if (_role != RaftRole.Leader || _progress.Find(m.From) is not { HasLostEntries: false } peer)
            return;
        peer.RecentlyActive = true;
        NoteClock(peer, m);
        NotePromise(peer, m);
        if (m.Reject)
        {
            ulong probe = m.Hint.Term > 0 ? FindAgreement(Math.Min(m.Hint.Index, _log.Last.Index), m.Hint.Term).Index : m.Hint.Index;
            if (peer.StepBack(m.Log.Index, probe))
            {
                if (peer.State == ProgressState.Replicate)
                    peer.BecomeProbe();
                SendAppend(peer, evenIfEmpty: true);
            }

            return;
        }

        Invariant.Holds(m.Log.Index <= _log.Last.Index, "a member acknowledges only what this leader has sent");
        if (peer.Acknowledge(m.Log.Index) || (peer.Match == m.Log.Index && peer.State == ProgressState.Probe))
            OnProgress(peer);
    }

    private void OnProgress(Progress peer)
    {
        switch (peer.State)
        {
            case ProgressState.Probe:
                peer.BecomeReplicate();
                break;
            case ProgressState.Snapshot when peer.Match + 1 >= _log.FirstIndex:
                // Wherever the snapshot is: what the member has connects to this log again.
                peer.BecomeProbe();
                peer.BecomeReplicate();
                break;
            case ProgressState.Replicate:
                peer.Inflight.FreeThrough(peer.Match);
                peer.RefreshFlow();
                break;
        }

        if (TryCommit())
            BroadcastAppend();
        else if (peer.CanUseCommit(_commit))
            SendAppend(peer, evenIfEmpty: true);

        // One acknowledgement may open room for several messages.
        while (SendAppend(peer, evenIfEmpty: false))
        {
        }

        if (peer.Id == _transferTarget && peer.Match == _log.Last.Index)
            CompleteTransfer(peer.Id);
        ContinueConfiguration();
    }

    private void OnHeartbeatResponse(in Message m)
    {
        if (_role != RaftRole.Leader || _progress.Find(m.From) is not { } peer)
            return;
        if (m.Reject)
        {
            OnEntriesLost(peer, m);
            return;
        }

        peer.RecentlyActive = true;
        NoteClock(peer, m);
        NotePromise(peer, m);
        peer.Priority = m.Priority;
        if (_config.Mutant != CoreMutant.LostProbeNeverRepeated)
            peer.Resume();
        // A member that is behind, or that this leader lost track of, gets an Append whose answer tells how to go on.
        if (peer.Match < _log.Last.Index || peer.State == ProgressState.Probe)
            SendAppend(peer, evenIfEmpty: true);
        OnRoundConfirmed(peer, m.ReadRound);
        ContinueConfiguration();
    }

    /// <summary>The leader's own disk is a voter like any other (P3): it counts when it is durable, not when it is written.</summary>
    private void OnOwnEntriesDurable()
    {
        if (_role != RaftRole.Leader || _progress.Find(_config.Self) is not { } self)
            return;
        if (!self.Acknowledge(_durable.Index) || _config.Mutant == CoreMutant.OwnDiskCommitsNothing || !TryCommit())
            return;
        BroadcastAppend();
        ContinueConfiguration();
    }

    /// <summary>Commits what a quorum has, but by counting only entries of the own term (Raft 5.4.2): the rest is committed with them.</summary>
    private bool TryCommit()
    {
        ulong reached = JointQuorum.Reached(Committing, new Matches(_progress), _config.Mutant);
        if (reached == ulong.MaxValue || reached <= _commit)
            return false;
        if (_log.TermAt(reached) != _term && _config.Mutant != CoreMutant.CommitOldTermByCount)
            return false;
        CommitThrough(reached);
        ReleaseUncommitted();
        StartWaitingReads();
        return true;
    }

    /// <summary>Whose copies commit an entry.</summary>
    private Configuration Committing => _config.Mutant switch
    {
        CoreMutant.OutgoingVotersIgnoredInCommits => Members with { OutgoingVoters = [] },
        CoreMutant.RemovedLeaderCountsItself when !IsSelfVoter => Members with { Voters = Members.Voters.Add(_config.Self) },
        _ => Members,
    };

    private void NoteClock(Progress peer, in Message m)
    {
        if (m.WallClockMs != 0)
            peer.ReportedClock = Clock with { WallMs = m.WallClockMs };
    }

    private readonly struct Matches(ProgressTable progress) : JointQuorum.IValues
    {
        public ulong Of(RaftId voter) => progress.Find(voter)?.CountedMatch ?? 0;
    }
}
