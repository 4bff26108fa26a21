namespace ReplicatedState.Consensus;

// Two ways in which a member is there and can't be trusted. Its state has diverged: that is for its owner to find out, and it goes on to vote and to store, but never leads. Or its disk holds
// less than it acknowledged (restored from a backup, or a sync that lied): what rests on its word falls, so it says so and nothing else.
//
// The second is found by the leader's memory. A heartbeat names what the leader knows to be durable at its receiver, from acknowledgements of its own term. In that term nobody truncates what
// this leader has, and a log that a snapshot replaces goes further; so the receiver's log reaches there, whatever was late, doubled or out of order: it acknowledged that, and has lost it since
// where it doesn't. A leader of another term remembers nothing.
public sealed partial class RaftCore
{
    private bool _hasLostEntries;

    /// <summary>False while <see cref="AllowLeading"/> forbids it: the node votes and stores, doesn't campaign, ignores orders to, and gives leadership away.</summary>
    public bool MayLead { get; private set; } = true;

    /// <summary>Lets this node lead, or not any more. A leader goes on for at most an election timeout, in which it may hand over (<see cref="TransferLeadership"/>), then steps down.</summary>
    public void AllowLeading(bool allowed)
    {
        MayLead = allowed;
        if (!allowed && _role is RaftRole.PreCandidate or RaftRole.Candidate)
            BecomeFollower(_term, RaftId.None);
    }

    /// <summary>Whether the log reaches what this node acknowledged to the sender.</summary>
    private bool HoldsWhatItAcknowledged(in Message heartbeat)
    {
        if (heartbeat.Match <= _log.Last.Index || _config.Mutant == CoreMutant.LostEntriesUnnoticed)
            return true;
        _hasLostEntries = true;
        _out.LostEntries = new LostEntries(heartbeat.From, heartbeat.Match, _log.Last.Index);
        Trace(TransitionKind.EntriesLost, _config.Self, _log.Last);
        return false;
    }

    /// <summary>No vote, no append, no acknowledgement; only whoever remembers is told, so that it counts this node no more.</summary>
    private void AnswerAsLoser(in Message m)
    {
        if (m.Kind == MessageKind.Heartbeat && m.Term == _term)
            Send(new Message { Kind = MessageKind.HeartbeatResponse, To = m.From, Reject = true, Log = _log.Last });
    }

    /// <summary>A member says that it holds less than it acknowledged. It never will again in this term: wiped, it is another.</summary>
    private void OnEntriesLost(Progress peer, in Message m)
    {
        if (peer.HasLostEntries || m.Log.Index >= peer.Match)
            return;
        peer.LoseEntries();
        Trace(TransitionKind.EntriesLost, peer.Id, m.Log);
    }
}
