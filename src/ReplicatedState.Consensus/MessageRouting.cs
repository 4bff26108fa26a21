namespace ReplicatedState.Consensus;

// Where messages come in and leave. The term decides first (Raft 5.1): a newer one makes a follower of everybody, an older one is answered at most.
public sealed partial class RaftCore
{
    /// <summary>Takes in a message of this group.</summary>
    /// <exception cref="InvariantViolationException">The message proves that safety was lost somewhere; the node must stop.</exception>
    public void Step(in Message message)
    {
        if (_halted || message.To != _config.Self || message.From == _config.Self)
            return;
        Message m = message;
        if (_hasLostEntries)
        {
            AnswerAsLoser(m);
            return;
        }

        if (IsRequestOfRemoved(m))
        {
            AnswerRemoved(m);
            return;
        }

        if (_config.Mutant == CoreMutant.StaleVoteCounted && m.Kind == MessageKind.VoteResponse)
            m.Term = Math.Max(m.Term, _term);
        if (_config.Mutant == CoreMutant.StaleAckCounted && m.Kind == MessageKind.AppendResponse)
            m.Term = Math.Max(m.Term, _term);
        if (m.Term > _term && !EnterTermOf(m))
            return;
        if (m.Term < _term && m.Kind is not (MessageKind.ReadIndex or MessageKind.TransferRequest or MessageKind.Removed))
        {
            AnswerOldTerm(m);
            return;
        }

        Dispatch(m);
    }

    private void Dispatch(in Message m)
    {
        switch (m.Kind)
        {
            case MessageKind.PreVote:
            case MessageKind.Vote:
                OnVoteRequest(m);
                break;
            case MessageKind.PreVoteResponse:
            case MessageKind.VoteResponse:
                OnVoteResponse(m);
                break;
            case MessageKind.Append:
                FollowSender(m);
                OnAppend(m);
                break;
            case MessageKind.Heartbeat:
                FollowSender(m);
                OnHeartbeat(m);
                break;
            case MessageKind.Snapshot:
                FollowSender(m);
                break;
            case MessageKind.AppendResponse:
                OnAppendResponse(m);
                break;
            case MessageKind.HeartbeatResponse:
                OnHeartbeatResponse(m);
                break;
            case MessageKind.TimeoutNow:
                OnTimeoutNow(m);
                break;
            case MessageKind.ReadIndex:
                OnReadIndex(m);
                break;
            case MessageKind.ReadIndexResponse:
                OnReadIndexResponse(m);
                break;
            case MessageKind.TransferRequest:
                OnTransferRequest(m);
                break;
            case MessageKind.Removed:
                OnRemoved(m);
                break;
        }
    }

    /// <summary>A message of a newer term; false where it is to be ignored.</summary>
    private bool EnterTermOf(in Message m)
    {
        switch (m.Kind)
        {
            // Stickiness (dissertation 4.2.3): while a leader is heard, nobody is helped to replace it, unless that leader asked for it,
            // or it is the leader itself that asks, because it restarted and leads no more (hashicorp/raft #605). A promise that a lease rests on binds longer
            // than the knowledge of who leads.
            case MessageKind.PreVote or MessageKind.Vote when !m.LeadershipTransfer
                && ((IsLeaderFresh && (m.From != _leader || _config.Mutant == CoreMutant.LeaderRefusedByItsFollowers)) || IsPromisedElsewhere(m.From)):
                return false;
            // A pre-vote asks about a term that nobody has entered yet; its answer, if granted, echoes that term.
            case MessageKind.PreVote when _config.Mutant != CoreMutant.PreVoteAdoptsTerm:
            case MessageKind.PreVoteResponse when !m.Reject:
                return true;
            case MessageKind.Append or MessageKind.Heartbeat or MessageKind.Snapshot:
                BecomeFollower(m.Term, m.From);
                return true;
            default:
                BecomeFollower(m.Term, RaftId.None);
                return true;
        }
    }

    /// <summary>
    /// Somebody lives in an old term, and is told where it would stay there for ever otherwise: with pre-votes or check-quorum (etcd 3c7359d), and where this node never asks it for its vote.
    /// </summary>
    private void AnswerOldTerm(in Message m)
    {
        if (m.Kind is MessageKind.Append or MessageKind.Heartbeat)
        {
            if (_config.CheckQuorum || _config.PreVote || !Asks(m.From))
                Send(new Message { Kind = MessageKind.AppendResponse, To = m.From });
        }
        else if (m.Kind == MessageKind.PreVote && _config.Mutant != CoreMutant.OldPreVoteUnanswered)
        {
            Send(new Message { Kind = MessageKind.PreVoteResponse, To = m.From, Reject = true });
        }
        else if (m.Kind == MessageKind.Vote && !Asks(m.From) && _config.Mutant != CoreMutant.OldVoteUnanswered)
        {
            // Raft 5.1.
            Send(new Message { Kind = MessageKind.VoteResponse, To = m.From, Reject = true });
        }
    }

    /// <summary>Whether that member hears of this node's term when it campaigns; two with different configurations may not ask each other, a leader that isn't a voter here included.</summary>
    private bool Asks(RaftId member) => MayCampaign && Members.IsVoter(member);

    /// <summary>Append, heartbeat and snapshot come only from the leader of their term, and there is one (I1).</summary>
    private void FollowSender(in Message m)
    {
        Invariant.Holds(_role != RaftRole.Leader, "a term has one leader");
        if (_role != RaftRole.Follower && _config.Mutant != CoreMutant.CandidateIgnoresLeader)
            BecomeFollower(_term, m.From);
        _electionElapsed = 0;
        _isRemoved = false;
        PromiseTo(m.From);
        SetLeader(m.From);
    }

    /// <summary>Sends at once, or after the disk has what the message says or implies (P2, P4).</summary>
    private void Send(Message message)
    {
        message.Group = _config.Group;
        message.From = _config.Self;
        if (message.Term == 0)
            message.Term = _term;
        if (IsDurable(message))
            _out.SendNow.Add(message);
        else
            CurrentPersist().AfterDurable.Add(message);
    }

    private bool IsDurable(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Vote:
            case MessageKind.VoteResponse when !message.Reject:
                return (_durableHardState.Term == _term && _durableHardState.Vote == _vote) || _config.Mutant == CoreMutant.VoteBeforeDurable;
            case MessageKind.AppendResponse when !message.Reject && _config.Mutant != CoreMutant.AckBeforeDurable:
                return _durableHardState.Term == _term && message.Log.Index <= _durable.Index;
            case MessageKind.PreVote:
                return true; // speaks of a term that may never begin
            default:
                return _durableHardState.Term == _term;
        }
    }
}
