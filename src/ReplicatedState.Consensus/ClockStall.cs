namespace ReplicatedState.Consensus;

// A node that stood still (a stopped process, a suspended machine) wakes up with beliefs of unknown age. It trusts none of them that hang on a clock, and it listens
// before it acts: what waited for it has not been heard yet, and a leader that is well must not be deposed by whoever overslept.
public sealed partial class RaftCore
{
    private long _stalledAtMs;

    /// <summary>
    /// The node didn't run, or its monotonic clock didn't. Called with the new <see cref="Clock"/>, before anything that has waited is handled. The lease and the state's
    /// freshness are void, however short it was. After more than half of <see cref="CoreConfig.ElectionTicksMin"/> a leader asks its quorum at once and has that time to be
    /// answered; nobody else campaigns before two heartbeats of a leader that is well have had the time to come.
    /// </summary>
    /// <param name="missedTicks">How many ticks should have come and didn't, 0 or more; they are not made up for.</param>
    public void OnClockStall(int missedTicks)
    {
        if (_halted || _config.Mutant == CoreMutant.LeaseOutlivesStall)
            return;
        _stalledAtMs = Clock.MonotonicMs;
        ForgetPromises();
        ForgetFreshness();
        if (missedTicks * 2L <= _config.ElectionTicksMin)
            return;
        Trace(TransitionKind.ClockStalled);
        if (_role != RaftRole.Leader)
        {
            // No more than that: on a starved machine that stalls again and again somebody must still campaign.
            _electionElapsed = Math.Clamp(_electionTimeoutTicks - (2 * _config.HeartbeatTicks) - 1, 0, _electionElapsed);
            return;
        }

        _electionElapsed = 0;
        for (int i = 0; i < _progress.Count; i++)
            _progress[i].RecentlyActive = false;
        BroadcastHeartbeat();
    }
}
