namespace ReplicatedState.Consensus;

// Dissertation 6.4. A read is linearizable from the commit index on that a leader had when the read arrived, once that leader knows that it still led then:
// a quorum answered a heartbeat that was sent later. Rounds are counted within a term, so that late or doubled answers confirm nothing that they shouldn't.
public sealed partial class RaftCore
{
    private readonly Queue<PendingRead> _pendingReads = new();
    private readonly Queue<ReadContext> _waitingReads = new();
    private readonly Queue<ForwardedRead> _forwardedReads = new();
    private ulong _readRound;
    private bool _readRoundDue;
    private ulong _ticks;

    /// <summary>Asks from which index on a linearizable read is allowed; answered by <see cref="Effects.Reads"/> or <see cref="Effects.ReadsFailed"/>.</summary>
    /// <remarks>A context is never reused, also not for a retry of the same read. What a lease answered is checked again by <see cref="MayAnswer"/> before the reply leaves.</remarks>
    public void RequestRead(in ReadContext context, ReadMode mode = ReadMode.Linearizable)
    {
        if (_halted)
            return;
        if (_role == RaftRole.Leader)
        {
            AcceptRead(context, mode);
            return;
        }

        if (_leader.IsNone || _forwardedReads.Count >= _config.PendingReadsMax)
        {
            _out.ReadsFailed.Add(context);
            return;
        }

        _forwardedReads.Enqueue(new ForwardedRead(context, _ticks + (ulong)_config.ElectionTicksMax, Clock.MonotonicMs));
        Send(new Message { Kind = MessageKind.ReadIndex, To = _leader, Read = context, ByLease = mode == ReadMode.Lease });
    }

    private bool HasCommittedInTerm => _log.TryTermAt(_commit, out ulong term) && term == _term;

    private void AcceptRead(in ReadContext context, ReadMode mode)
    {
        if (mode == ReadMode.Lease && HoldsLease)
        {
            AnswerRead(context, _commit, Clock.MonotonicMs, leaseTerm: _term);
            return;
        }

        if ((!_transferTarget.IsNone && _config.Mutant != CoreMutant.ReadDuringTransfer) || _pendingReads.Count + _waitingReads.Count >= _config.PendingReadsMax)
        {
            // A hand-over may elect the next leader at any moment.
            FailRead(context);
            return;
        }

        if (!HasCommittedInTerm && _config.Mutant != CoreMutant.ReadBeforeCommitInTerm)
        {
            // Until an entry of the own term is committed, the commit index may lie below what earlier leaders acknowledged (etcd #7331).
            _waitingReads.Enqueue(context);
            return;
        }

        if (!_readRoundDue)
        {
            if (_config.Mutant != CoreMutant.ReadRoundReused || _readRound == 0)
                _readRound++;
            _readRoundDue = true;
        }

        _pendingReads.Enqueue(new PendingRead(context, _commit, _readRound, Clock.MonotonicMs));
    }

    private void StartWaitingReads()
    {
        if (!HasCommittedInTerm)
            return;
        while (_waitingReads.TryDequeue(out ReadContext context))
            AcceptRead(context, ReadMode.Linearizable);
    }

    /// <summary>All reads that came since the last effects share one round of heartbeats.</summary>
    private void BroadcastReadRound()
    {
        _readRoundDue = false;
        if (_role != RaftRole.Leader)
            return;
        BroadcastHeartbeat();
        ConfirmReads(); // a single voter needs nobody
    }

    private void OnRoundConfirmed(Progress peer, ulong round)
    {
        Invariant.Holds(round <= _readRound, "a member confirms only rounds that were begun");
        if (round <= peer.ConfirmedRound)
            return;
        peer.ConfirmedRound = round;
        ConfirmReads();
    }

    private void ConfirmReads()
    {
        if (_pendingReads.Count == 0)
            return;
        CoreMutant quorum = _config.Mutant == CoreMutant.ReadQuorumTooSmall ? CoreMutant.QuorumOffByOne : _config.Mutant;
        ulong confirmed = JointQuorum.Reached(Members, new ConfirmedRounds(this), quorum);
        while (_pendingReads.TryPeek(out PendingRead read) && read.Round <= confirmed)
        {
            _pendingReads.Dequeue();
            AnswerRead(read.Context, read.Index, read.AskedAtMs, leaseTerm: 0);
        }
    }

    private void AnswerRead(in ReadContext context, ulong index, long askedAtMs, ulong leaseTerm)
    {
        if (context.Origin != _config.Self)
        {
            Send(new Message { Kind = MessageKind.ReadIndexResponse, To = context.Origin, Read = context, Log = new LogPosition(index, 0) });
            return;
        }

        _out.Reads.Add(new ConfirmedRead(context, index) { LeaseTerm = leaseTerm });
        NoteFreshness(index, askedAtMs);
    }

    private void FailRead(in ReadContext context)
    {
        if (context.Origin == _config.Self)
            _out.ReadsFailed.Add(context);
        else
            Send(new Message { Kind = MessageKind.ReadIndexResponse, To = context.Origin, Read = context, Reject = true });
    }

    private void OnReadIndex(in Message m)
    {
        ReadContext context = m.Read with { Origin = m.From };
        if (_role == RaftRole.Leader)
            AcceptRead(context, m.ByLease ? ReadMode.Lease : ReadMode.Linearizable);
        else
            FailRead(context);
    }

    private void OnReadIndexResponse(in Message m)
    {
        // Answers come back in the order of the questions, but some questions may have been lost on the way.
        int forwarded = _forwardedReads.Count;
        for (int i = 0; i < forwarded; i++)
        {
            ForwardedRead read = _forwardedReads.Dequeue();
            if (read.Context != m.Read)
            {
                _forwardedReads.Enqueue(read);
            }
            else if (m.Reject)
            {
                _out.ReadsFailed.Add(read.Context);
            }
            else
            {
                _out.Reads.Add(new ConfirmedRead(read.Context, m.Log.Index));
                NoteFreshness(m.Log.Index, read.AskedAtMs);
            }
        }
    }

    private void StartReads()
    {
        _readRound = 0;
        _readRoundDue = false;
    }

    /// <summary>Leadership is lost: nobody is left who could confirm.</summary>
    private void FailReads()
    {
        while (_pendingReads.TryDequeue(out PendingRead read))
            FailRead(read.Context);
        while (_waitingReads.TryDequeue(out ReadContext context))
            FailRead(context);
        _readRoundDue = false;
    }

    private void FailForwardedReads()
    {
        while (_forwardedReads.TryDequeue(out ForwardedRead read))
            _out.ReadsFailed.Add(read.Context);
    }

    /// <summary>Question or answer may be lost; nobody waits longer than for an election.</summary>
    private void ExpireForwardedReads()
    {
        _ticks++;
        while (_forwardedReads.TryPeek(out ForwardedRead read) && read.ExpiresAtTick <= _ticks)
        {
            _forwardedReads.Dequeue();
            _out.ReadsFailed.Add(read.Context);
        }
    }

    private readonly record struct PendingRead(ReadContext Context, ulong Index, ulong Round, long AskedAtMs);

    private readonly record struct ForwardedRead(ReadContext Context, ulong ExpiresAtTick, long AskedAtMs);

    private readonly struct ConfirmedRounds(RaftCore core) : JointQuorum.IValues
    {
        public ulong Of(RaftId voter) => voter == core._config.Self ? core._readRound : core._progress.Find(voter)?.ConfirmedRound ?? 0;
    }
}
