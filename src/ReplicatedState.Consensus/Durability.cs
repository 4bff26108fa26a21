namespace ReplicatedState.Consensus;

// What is written, in which order, and what counts as durable (the design's P1 to P8).
public sealed partial class RaftCore
{
    /// <summary>Operations that were taken and have not been acknowledged, oldest first.</summary>
    private readonly Queue<Persist> _inFlight = new();
    private readonly Stack<Persist> _spare = new();
    private ulong _lastToken;
    private HardState _handedHardState;
    private HardState _durableHardState;
    private LogPosition _durable;
    private ulong _applyHanded;

    /// <summary>Whether <see cref="TakeEffects"/> has anything to give.</summary>
    public bool HasEffects =>
        !_halted
        && (!_out.IsEmpty || _log.HasPending || IsHardStateDirty || _readRoundDue
            || ApplyLimit > _applyHanded || _reportedSoftState != new SoftState(_role, _term, _leader));

    private bool IsHardStateDirty => _handedHardState.Term != _term || _handedHardState.Vote != _vote;

    /// <summary>What may be applied: committed, and durable here too, so that a restart never finds the state ahead of the log (P8).</summary>
    private ulong ApplyLimit => Math.Min(_commit, _durable.Index);

    /// <summary>Moves everything to be done into <paramref name="into"/>, which is cleared first.</summary>
    public void TakeEffects(Effects into)
    {
        into.Clear();
        if (_halted)
            return;
        if (_readRoundDue)
            BroadcastReadRound();
        if (_log.HasPending || IsHardStateDirty)
            CurrentPersist();
        if (_out.Persist is { } operation)
            Seal(operation);
        if (ApplyLimit > _applyHanded)
        {
            _out.ApplyAfter = _applyHanded;
            _out.ApplyThrough = _applyHanded = ApplyLimit;
        }

        var softState = new SoftState(_role, _term, _leader);
        if (softState != _reportedSoftState)
            _out.SoftState = _reportedSoftState = softState;
        into.SwapWith(_out);
    }

    /// <summary>The persist operation with this token, and all before it, are durable. The core reuses them: nobody may touch them any more.</summary>
    public void OnPersisted(ulong token)
    {
        if (_halted)
            return;
        Invariant.Holds(token <= _lastToken, "only operations that were taken are acknowledged");
        bool any = false;
        LogPosition attested = default;
        HardState? hardState = null;
        while (_inFlight.TryPeek(out Persist? operation) && operation.Token <= token)
        {
            _inFlight.Dequeue();
            any = true;
            attested = operation.Attested;
            hardState = operation.HardState ?? hardState;
            operation.Clear();
            _spare.Push(operation);
        }

        if (!any)
            return;
        if (hardState is { } durableHardState)
            _durableHardState = durableHardState;
        AdvanceDurable(attested);
        OnOwnVoteDurable();
        OnOwnEntriesDurable();
    }

    /// <summary>The operation failed: the core halts and does nothing any more.</summary>
    public void OnPersistFailed(ulong token)
    {
        Invariant.Holds(token <= _lastToken, "only operations that were taken fail");
        _halted = true;
    }

    /// <summary>The state machine has applied everything up to and including this index.</summary>
    public void OnApplied(ulong index)
    {
        if (_halted)
            return;
        Invariant.Holds(index <= _applyHanded, "nothing is applied that was not handed out");
        if (index <= _applied)
            return;
        _applied = index;
        ReleaseUnapplied();
        AdvanceFreshness();
    }

    private Persist CurrentPersist() => _out.Persist ??= _spare.TryPop(out Persist? spare) ? spare : new Persist();

    private void Seal(Persist operation)
    {
        operation.Token = ++_lastToken;
        operation.MustSync = _log.HasPending || (IsHardStateDirty && _config.Mutant != CoreMutant.VoteWithoutSync);
        _log.HandOver(operation);
        if (_config.Mutant == CoreMutant.TruncationNotPersisted)
            operation.TruncateFrom = null;
        var hardState = new HardState(_term, _config.Mutant == CoreMutant.VoteNotPersisted ? RaftId.None : _vote, CommitToWrite(operation));
        if ((hardState != _handedHardState || IsHardStateDirty) && !(_config.Mutant == CoreMutant.TermAfterEntries && operation.Entries.Count > 0))
        {
            operation.HardState = hardState;
            _handedHardState = hardState with { Vote = _vote };
        }

        operation.Attested = _log.Last;
        _inFlight.Enqueue(operation);
    }

    /// <summary>
    /// A crash may leave the hard state of an operation without the rest of it. What is written as committed must then still be true of the entries that the operation was about to
    /// remove: they would be applied for those that take their place.
    /// </summary>
    private ulong CommitToWrite(Persist operation)
    {
        if (operation.Snapshot is not null)
            return Math.Min(_commit, _handedHardState.Commit);
        return operation.TruncateFrom is { } from ? Math.Min(_commit, from - 1) : _commit;
    }

    /// <summary>
    /// An operation attests the log as it ended then. Whatever a later operation, on its way or still to be taken, removes again does not count: that
    /// is the race in which an old acknowledgement covers rewritten entries (etcd's append ABA).
    /// </summary>
    private void AdvanceDurable(LogPosition attested)
    {
        ulong index = attested.Index;
        foreach (Persist later in _inFlight)
        {
            if (later.TruncateFrom is { } from && _config.Mutant != CoreMutant.AppendAba)
                index = Math.Min(index, from - 1);
            if (later.Snapshot is not null && _config.Mutant != CoreMutant.SnapshotCoveredByEarlierWrite)
                return; // the log is about to be replaced as a whole
        }

        if (_log.IsReplacementPending)
            return;
        if (_log.PendingTruncation is { } pending)
            index = Math.Min(index, pending - 1);
        index = Math.Min(index, _log.Last.Index);
        if (index > _durable.Index && _log.TryTermAt(index, out ulong term))
            _durable = new LogPosition(index, term);
    }

    /// <summary>Entries from this index up are gone, or soon will be (P6).</summary>
    private void LimitDurable(ulong truncatedFrom)
    {
        if (_durable.Index >= truncatedFrom)
            _durable = new LogPosition(truncatedFrom - 1, _log.TermAt(truncatedFrom - 1));
    }
}
