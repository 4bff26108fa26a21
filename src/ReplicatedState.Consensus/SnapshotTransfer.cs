namespace ReplicatedState.Consensus;

// Raft 7: a member whose next entry is gone gets the state instead. The bytes travel outside of the core; here is only what the log makes of them.
public sealed partial class RaftCore
{
    /// <summary>
    /// A snapshot that a leader offered has been received, verified and written durably aside. The core decides whether it is still wanted: if so the next
    /// <see cref="Effects.Persist"/> carries it, and the executor swaps the state when that is durable, then calls <see cref="OnApplied"/> with its index.
    /// </summary>
    /// <param name="from">Who sent it, and is told of the result.</param>
    /// <param name="snapshot">What it is.</param>
    /// <returns>False where it is outdated, or this node is no follower now: drop the file.</returns>
    /// <exception cref="InvariantViolationException">It contradicts what is committed here.</exception>
    public bool OnSnapshotReceived(RaftId from, SnapshotMeta snapshot)
    {
        if (_halted || _role != RaftRole.Follower)
            return false;
        if (snapshot.Index <= _commit && _config.Mutant != CoreMutant.OldSnapshotInstalled)
        {
            Invariant.Holds(
                !_log.TryTermAt(snapshot.Index, out ulong term) || term == snapshot.Term || _config.Mutant == CoreMutant.ConflictingSnapshotAccepted,
                "a snapshot agrees with what is committed");
            Acknowledge(from, _commit);
            return false;
        }

        if (_log.Holds(snapshot.Position))
        {
            // Everything it covers is in the log: that is all a snapshot can prove.
            CommitThrough(snapshot.Index);
            Acknowledge(from, snapshot.Index);
            return false;
        }

        if (snapshot.Term > _term)
            BecomeFollower(snapshot.Term, RaftId.None); // it proves that such a term exists
        _log.ResetTo(snapshot);
        if (_config.Mutant != CoreMutant.SnapshotConfigurationIgnored)
            _configurations.ResetTo(snapshot);
        _durable = _config.Mutant == CoreMutant.SnapshotAckBeforeDurable ? snapshot.Position : default; // nothing of this log is on disk until the operation that carries it is
        _commit = snapshot.Index;
        _applyHanded = snapshot.Index;
        _uncommitted.Clear();
        _unapplied.Clear();
        _uncommittedBytes = _unappliedBytes = 0;
        OnConfigurationChanged();
        Trace(TransitionKind.SnapshotInstalled, from, snapshot.Position);
        Acknowledge(from, snapshot.Index);
        return true;
    }

    /// <summary>A snapshot reached a follower, or failed to.</summary>
    public void ReportSnapshot(RaftId to, bool ok)
    {
        if (_halted || _role != RaftRole.Leader || _progress.Find(to) is not { State: ProgressState.Snapshot } peer)
            return;
        if (!ok && _config.Mutant == CoreMutant.FailedSnapshotNeverRetried)
            return;
        if (!ok)
            peer.ForgetPendingSnapshot();
        peer.BecomeProbe();
        // Its answer to the next message tells what it has; until then nothing is sent.
        peer.AwaitAnswer();
    }

    /// <summary>The log below was compacted: <see cref="ILogReader.FirstIndex"/> has moved.</summary>
    public void OnCompacted()
    {
        Invariant.Holds(_log.FirstIndex <= _applied + 1, "only what was applied is compacted");
        _configurations.ForgetBelow(_log.Base.Index);
    }

    private bool SendSnapshot(Progress peer)
    {
        // A member that isn't there would only make this leader send into the void.
        if (!peer.RecentlyActive)
            return false;
        SnapshotMeta snapshot = _log.Snapshot;
        Invariant.Holds(snapshot.Index >= _log.Base.Index, "a snapshot covers what compaction removed");
        peer.BecomeSnapshot(snapshot.Index);
        _out.SnapshotNeeds.Add(new SnapshotNeed(peer.Id, _log.Base.Index));
        Trace(TransitionKind.SnapshotNeeded, peer.Id, snapshot.Position);
        return true;
    }
}
