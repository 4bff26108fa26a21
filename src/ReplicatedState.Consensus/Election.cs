namespace ReplicatedState.Consensus;

// Raft 5.2 and 5.4.1: one vote a term, given to whoever's log is at least as up to date. Dissertation 9.6: before disturbing anybody with a new term, ask.
// Keeps I1: at most one leader a term. A vote counts, the node's own included, only after it is on the voter's disk.
public sealed partial class RaftCore
{
    private readonly Dictionary<RaftId, bool> _ballots = [];

    /// <summary>Campaigns now; ignored while a promise to a leader binds (<see cref="CoreConfig.LeasePromiseMs"/>).</summary>
    public void Campaign()
    {
        if (!_halted && _role != RaftRole.Leader && MayCampaign && !IsPromisedElsewhere(_config.Self))
            StartElection(leadershipTransfer: false);
    }

    /// <summary>Forgets who leads, so that the node may vote at once. For scenarios. A leader ignores it, and so does everybody while leases are on: they rest on not forgetting.</summary>
    public void ForgetLeader()
    {
        if (!_halted && !LeasesOn && _role == RaftRole.Follower)
            SetLeader(RaftId.None);
    }

    private void StartElection(bool leadershipTransfer)
    {
        _betterVoters = 0; // they had their chance
        _campaigns++;
        // An election asked for by the leader itself needs no rehearsal.
        if (_config.PreVote && !leadershipTransfer)
            BecomePreCandidate();
        else
            BecomeCandidate(leadershipTransfer);
    }

    private void BecomePreCandidate()
    {
        // No new term, no vote: a pre-vote changes nothing that others could notice.
        ResetElectionTimer();
        ShortenCampaign();
        _role = RaftRole.PreCandidate;
        _ballots.Clear();
        SetLeader(RaftId.None);
        Trace(TransitionKind.BecamePreCandidate);
        RequestVotes(MessageKind.PreVote, _term + 1, leadershipTransfer: false);
        CountBallot(_config.Self, granted: true);
    }

    private void BecomeCandidate(bool leadershipTransfer)
    {
        EnterTerm(_term + 1);
        ShortenCampaign();
        _role = RaftRole.Candidate;
        _vote = _config.Self;
        Trace(TransitionKind.BecameCandidate);
        RequestVotes(MessageKind.Vote, _term, leadershipTransfer);
        // The own ballot is counted in OnOwnVoteDurable.
    }

    private void RequestVotes(MessageKind kind, ulong term, bool leadershipTransfer)
    {
        foreach (RaftId member in Members.Members())
        {
            if (member == _config.Self || !Members.IsVoter(member))
                continue;
            Send(new Message { Kind = kind, To = member, Term = term, Log = _log.Last, Commit = _commit, LeadershipTransfer = leadershipTransfer });
        }
    }

    private void OnVoteRequest(in Message m)
    {
        bool isPreVote = m.Kind == MessageKind.PreVote;
        bool mayVote = _vote == m.From
            || (_vote.IsNone && _leader.IsNone)
            || (isPreVote && m.Term > _term)
            || _config.Mutant == CoreMutant.SecondVoteInTerm;
        bool isUpToDate = _log.Last.IsNotAheadOf(m.Log) || _config.Mutant == CoreMutant.NoLogCheckOnVote;
        bool refusesAsLearner = _config.Mutant == CoreMutant.LearnerRefusesVote && !IsSelfVoter;
        if (!isUpToDate)
            _betterVoters = 0; // whom this node waits for may be the one that can't win: its campaigns would restart this node's timer again and again
        bool granted = mayVote && isUpToDate && _abstainTicksLeft == 0 && !refusesAsLearner;
        MessageKind answer = isPreVote ? MessageKind.PreVoteResponse : MessageKind.VoteResponse;
        if (!granted)
        {
            Trace(TransitionKind.VoteRefused, m.From, m.Log);
            Send(new Message { Kind = answer, To = m.From, Reject = true, WallClockMs = Clock.WallMs });
            return;
        }

        if (!isPreVote)
        {
            _electionElapsed = 0;
            _vote = m.From;
            Trace(TransitionKind.VoteGranted, m.From, m.Log);
        }

        // A granted pre-vote answers in the term that was asked about, so that the candidate can tell the rounds apart.
        Send(new Message { Kind = answer, To = m.From, Term = m.Term, WallClockMs = Clock.WallMs });
    }

    private void OnVoteResponse(in Message m)
    {
        RaftRole asking = m.Kind == MessageKind.PreVoteResponse ? RaftRole.PreCandidate : RaftRole.Candidate;
        if (_role != asking || !Members.IsVoter(m.From))
            return;
        // A grant must name the term of this round; an old round's grant is worth nothing (openraft 511f33c7).
        if (!m.Reject && m.Term != (asking == RaftRole.PreCandidate ? _term + 1 : _term) && _config.Mutant != CoreMutant.StalePreVoteCounted)
            return;
        if (_progress.Find(m.From) is { } peer && m.WallClockMs != 0)
            peer.ReportedClock = Clock with { WallMs = m.WallClockMs };
        CountBallot(m.From, !m.Reject || _config.Mutant == CoreMutant.RefusalCountedAsGrant);
    }

    private void OnOwnVoteDurable()
    {
        if (_role == RaftRole.Candidate && _durableHardState.Term == _term && !_ballots.ContainsKey(_config.Self))
            CountBallot(_config.Self, granted: true);
    }

    private void CountBallot(RaftId voter, bool granted)
    {
        _ballots.TryAdd(voter, granted);
        Configuration electing = _config.Mutant == CoreMutant.OutgoingVotersIgnoredInElections ? Members with { OutgoingVoters = [] } : Members;
        switch (JointQuorum.Count(electing, new Ballots(_ballots), _config.Mutant))
        {
            case ElectionResult.Won when _role == RaftRole.PreCandidate:
                BecomeCandidate(leadershipTransfer: false);
                break;
            case ElectionResult.Won when _durableHardState.Term == _term:
                BecomeLeader();
                break;
            case ElectionResult.Won:
                break; // the others answered before the own disk was heard of: OnOwnVoteDurable counts again
            case ElectionResult.Lost:
                BecomeFollower(_term, RaftId.None);
                break;
        }
    }

    private void BecomeFollower(ulong term, RaftId leader)
    {
        bool wasLeader = _role == RaftRole.Leader;
        if (term > _term)
            EnterTerm(term);
        else
            ResetForRole();
        _role = RaftRole.Follower;
        SetLeader(leader);
        if (wasLeader && _config.Mutant != CoreMutant.PendingReadsForgotten)
            FailReads();
        Trace(TransitionKind.BecameFollower, leader);
    }

    private void BecomeLeader()
    {
        Invariant.Holds(_role == RaftRole.Candidate, "only a candidate becomes leader");
        Invariant.Holds(_durableHardState.Term == _term, "a leader's term is durable before it leads");
        ResetForRole();
        _role = RaftRole.Leader;
        SetLeader(_config.Self);
        StartReplication();
        Trace(TransitionKind.BecameLeader, _config.Self, _log.Last);
        if (_config.Mutant != CoreMutant.NoEntryOfOwnTerm)
            AppendOwn(EntryKind.NoOp, Payload.Empty);
        BroadcastAppend();
    }

    private void EnterTerm(ulong term)
    {
        Invariant.Holds(term > _term, "terms only grow");
        _term = term;
        _vote = RaftId.None;
        _orderedElection = false;
        ResetForRole();
        SetLeader(RaftId.None);
    }

    private void ResetForRole()
    {
        ResetElectionTimer();
        _ballots.Clear();
        _transferTarget = RaftId.None;
        ForgetUncommitted();
    }

    private void SetLeader(RaftId leader)
    {
        if (_leader == leader)
            return;
        _leader = leader;
        if (!leader.IsNone)
            _campaigns = 0;
        FailForwardedReads();
    }

    private readonly struct Ballots(Dictionary<RaftId, bool> ballots) : JointQuorum.IBallots
    {
        public bool? Of(RaftId voter) => ballots.TryGetValue(voter, out bool granted) ? granted : null;
    }
}
