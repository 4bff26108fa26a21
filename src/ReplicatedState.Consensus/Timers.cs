namespace ReplicatedState.Consensus;

// Time as the core knows it: ticks. One timer for elections (a leader uses it to check its quorum), one for heartbeats.
public sealed partial class RaftCore
{
    private int _electionElapsed;
    private int _electionTimeoutTicks;
    private int _campaigns;
    private int _heartbeatElapsed;
    private int _abstainTicksLeft;

    /// <summary>The election timeout drawn for the current wait. Settable for scenarios.</summary>
    internal int ElectionTimeoutTicks
    {
        get => _electionTimeoutTicks;
        set => _electionTimeoutTicks = value;
    }

    /// <summary>A leader was heard from within the shortest election timeout.</summary>
    private bool IsLeaderFresh =>
        _config.CheckQuorum && !_leader.IsNone && _electionElapsed < _config.ElectionTicksMin && _config.Mutant != CoreMutant.NoStickiness;

    /// <summary>A tick has passed.</summary>
    public void Tick()
    {
        if (_halted)
            return;
        if (_abstainTicksLeft > 0)
            _abstainTicksLeft--;
        ExpireForwardedReads();
        _electionElapsed++;
        if (_role == RaftRole.Leader)
            TickLeader();
        else if (_electionElapsed >= _electionTimeoutTicks + PatienceTicks && _config.MayCampaign && _abstainTicksLeft == 0 && MayCampaign && !IsPromisedElsewhere(_config.Self))
            StartElection(leadershipTransfer: false);
    }

    private void TickLeader()
    {
        _heartbeatElapsed++;
        if (_electionElapsed >= _config.ElectionTicksMin)
        {
            _electionElapsed = 0;
            if (_config.CheckQuorum && _config.Mutant != CoreMutant.NoQuorumCheck && !CheckQuorum())
                return;
            if (!_transferTarget.IsNone)
            {
                AbortTransfer();
                StepDownIfRemoved();
                if (_role != RaftRole.Leader)
                    return;
                ContinueConfiguration();
            }
            else
            {
                HandOverToBetter();
            }

            if (!MayLead && _config.Mutant != CoreMutant.DivergedLeaderStays)
            {
                BecomeFollower(_term, RaftId.None);
                return;
            }
        }

        if (_heartbeatElapsed >= _config.HeartbeatTicks)
        {
            _heartbeatElapsed = 0;
            BroadcastHeartbeat();
        }
    }

    /// <summary>A leader that hears from no quorum must not go on as if it led (dissertation 6.2). False where it stepped down.</summary>
    private bool CheckQuorum()
    {
        if (JointQuorum.Count(Members, new Activity(this), _config.Mutant) != ElectionResult.Won)
        {
            Trace(TransitionKind.QuorumLost);
            BecomeFollower(_term, RaftId.None);
            return false;
        }

        for (int i = 0; i < _progress.Count; i++)
        {
            CheckHealth(_progress[i]);
            _progress[i].EndActivityWindow();
        }

        return true;
    }

    private void ResetElectionTimer()
    {
        _electionElapsed = 0;
        _heartbeatElapsed = 0;
        _electionTimeoutTicks = _config.ElectionTicksMin + (int)_rng.Next((uint)(_config.ElectionTicksMax - _config.ElectionTicksMin + 1));
    }

    /// <summary>
    /// A candidate isn't waiting for a leader but for answers, and those that come at all come soon. So a first campaign that nobody wins, because votes were split or a voter had just
    /// heard from the leader, is repeated after a quarter to a half of the shortest election timeout, the next after twice that, and only then, on a network that may be that slow, as Raft does it.
    /// </summary>
    private void ShortenCampaign()
    {
        const int QuickCampaigns = 2;
        if (_campaigns > QuickCampaigns)
            return;
        int shortest = Math.Max(1, (_config.ElectionTicksMin / 4) << (_campaigns - 1));
        _electionTimeoutTicks = shortest + (int)_rng.Next((uint)shortest + 1);
    }

    private readonly struct Activity(RaftCore core) : JointQuorum.IBallots
    {
        public bool? Of(RaftId voter) => voter == core._config.Self || core._progress.Find(voter) is { RecentlyActive: true };
    }
}
