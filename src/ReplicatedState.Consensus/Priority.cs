namespace ReplicatedState.Consensus;

// Which voter should lead, where several could. Nothing that safety rests on knows of it: votes go to whoever's log is up to date, and nobody campaigns sooner than without.
// Priority lengthens the patience of those who aren't the best, and lets a leader hand over to a better one that has been well for a while: upwards only, so that it comes to rest.
public sealed partial class RaftCore
{
    /// <summary>For so many checks in a row a better voter must have been well, the first time in a term.</summary>
    private const int WellChecksMin = 3;

    /// <summary>And so many at most, after as many hand-overs that failed.</summary>
    private const int WellChecksMax = 96;

    /// <summary>More patience than for so many better voters helps nobody.</summary>
    private const int BetterVotersMax = 2;

    private int _betterVoters;
    private int _wellChecksNeeded;

    /// <summary>How much longer this node waits than it has drawn, so that whoever is better has campaigned before; once, after a leader is gone.</summary>
    private int PatienceTicks => Math.Min(_betterVoters, BetterVotersMax) * (_config.ElectionTicksMax - _config.ElectionTicksMin + 1);

    /// <summary>
    /// Hands leadership to the voter that is best placed: well, up to date, of the highest priority. Does nothing while a hand-over is under way. False where this node
    /// doesn't lead, or where no other voter was heard from lately.
    /// </summary>
    public bool StepDown()
    {
        if (_halted || _role != RaftRole.Leader)
            return false;
        if (!_transferTarget.IsNone)
            return true;
        Progress? best = null;
        foreach (RaftId voter in Members.Voters)
        {
            if (voter != _config.Self && _progress.Find(voter) is { } peer && (peer.RecentlyActive || peer.WellChecks > 0) && (best is null || IsBetterPlaced(peer, best)))
                best = peer;
        }

        if (best is null)
            return false;
        StartTransfer(best.Id);
        return true;
    }

    private bool IsBetterPlaced(Progress a, Progress b)
    {
        bool isUpToDate = a.Match >= _commit;
        if (isUpToDate != (b.Match >= _commit))
            return isUpToDate;
        return a.Priority != b.Priority ? a.Priority > b.Priority : a.Match > b.Match;
    }

    /// <summary>Once an election timeout: has this member answered, and does it keep up?</summary>
    private void CheckHealth(Progress peer)
    {
        bool isWell = peer.RecentlyActive && peer.State == ProgressState.Replicate && peer.Match + (ulong)_config.AppendEntriesMax >= _log.Last.Index;
        peer.WellChecks = isWell ? Math.Min(peer.WellChecks + 1, WellChecksMax) : 0;
    }

    /// <summary>Leads on, unless a better voter has been well for long enough.</summary>
    private void HandOverToBetter()
    {
        Progress? heir = null;
        foreach (RaftId voter in Members.Voters)
        {
            if (voter != _config.Self && _progress.Find(voter) is { } peer && peer.Priority > _config.Priority && peer.WellChecks >= _wellChecksNeeded
                && (heir is null || IsBetterPlaced(peer, heir)))
                heir = peer;
        }

        if (heir is null)
            return;
        // If it doesn't take over, it wasn't as well as it looked: it must be for twice as long the next time, and calls aren't refused again and again.
        _wellChecksNeeded = Math.Min(_wellChecksNeeded * 2, WellChecksMax);
        heir.WellChecks = 0;
        StartTransfer(heir.Id);
    }

    /// <summary>How many voters should campaign before this member, if this leader were gone.</summary>
    private int BetterVotersThan(Progress peer)
    {
        int better = 0;
        for (int i = 0; i < _progress.Count; i++)
        {
            Progress other = _progress[i];
            if (other.Id != _config.Self && other.Priority > peer.Priority && other.WellChecks > 0 && Members.IsVoter(other.Id))
                better++;
        }

        return better;
    }
}
