namespace ReplicatedState.Consensus;

// Dissertation 3.10: stop taking proposals, bring the target up to date, tell it to campaign at once. Given up after an election timeout.
public sealed partial class RaftCore
{
    private RaftId _transferTarget;

    /// <summary>Hands leadership to a voter; on a follower, asks the leader to. Done when another leader shows up in <see cref="Effects.SoftState"/>.</summary>
    public void TransferLeadership(RaftId target)
    {
        if (_halted)
            return;
        if (_role == RaftRole.Leader)
            StartTransfer(target);
        else if (!_leader.IsNone)
            Send(new Message { Kind = MessageKind.TransferRequest, To = _leader, Read = new ReadContext(target, 0, 0) });
    }

    private void OnTransferRequest(in Message m)
    {
        if (_role == RaftRole.Leader && Members.IsMember(m.From))
            StartTransfer(m.Read.Origin);
        else if (_role != RaftRole.Leader && !_leader.IsNone && _leader != m.From)
            Send(new Message { Kind = MessageKind.TransferRequest, To = _leader, Read = m.Read });
    }

    private void StartTransfer(RaftId target)
    {
        if (target == _config.Self || target == _transferTarget || !Members.Voters.Contains(target) || _progress.Find(target) is not { HasLostEntries: false } peer)
            return; // whoever has lost entries answers no order, and all proposals would wait for it
        if (!_transferTarget.IsNone)
            AbortTransfer();
        _electionElapsed = 0; // the hand-over has one election timeout
        _transferTarget = target;
        Trace(TransitionKind.TransferStarted, target, _log.Last);
        if (peer.Match == _log.Last.Index || _config.Mutant == CoreMutant.TransferToLaggard)
            CompleteTransfer(target);
        else
            SendAppend(peer, evenIfEmpty: true);
    }

    private void CompleteTransfer(RaftId target)
    {
        SendTimeoutNow(target);
        StepDownIfRemoved();
    }

    private void SendTimeoutNow(RaftId target)
    {
        // However the hand-over ends, this order may still win an election at any later moment of the term: there is no lease in it any more.
        _orderedElection = _config.Mutant != CoreMutant.LeaseOutlivesTransfer;
        Send(new Message { Kind = MessageKind.TimeoutNow, To = target });
    }

    private void OnTimeoutNow(in Message m)
    {
        if (_role != RaftRole.Follower || !MayCampaign || _abstainTicksLeft > 0)
            return;
        StartElection(leadershipTransfer: true);
    }

    private void AbortTransfer()
    {
        Trace(TransitionKind.TransferAborted, _transferTarget);
        _transferTarget = RaftId.None;
    }
}
