namespace ReplicatedState.Consensus;

// A node that stood still (a stopped process, a suspended machine) wakes up with beliefs of unknown age. It trusts none of them that hang on a clock, and it listens
// before it acts: what waited for it has not been heard yet, and a leader that is well must not be deposed by whoever overslept.
public sealed partial class RaftCore
{
    private long _stalledAtMs;

    /// <summary>
    /// The node didn't run, or its monotonic clock didn't, for so many ticks. Called with the new <see cref="Clock"/>, before anything that has waited is handled. Up to half of
    /// <see cref="CoreConfig.ElectionTicksMin"/> it changes nothing. Beyond, the lease and the state's freshness are void; a leader asks its quorum at once and has one
    /// election timeout to be answered; everybody else waits out a whole election timeout before it campaigns.
    /// </summary>
    /// <param name="missedTicks">How many ticks should have come and didn't; they are not made up for.</param>
    public void OnClockStall(int missedTicks)
    {
        if (_halted || missedTicks * 2L <= _config.ElectionTicksMin)
            return;
        Trace(TransitionKind.ClockStalled);
        _stalledAtMs = Clock.MonotonicMs;
        ForgetPromises();
        ForgetFreshness();
        if (_role != RaftRole.Leader)
        {
            ResetElectionTimer();
            return;
        }

        _electionElapsed = 0;
        for (int i = 0; i < _progress.Count; i++)
            _progress[i].RecentlyActive = false;
        BroadcastHeartbeat();
    }
}
