namespace ReplicatedState.Consensus;

// Reads of bounded staleness, on any node. The age of the applied state counts from when this node *asked* its leader for a read index whose entry it has applied by now:
// everything that was acknowledged anywhere before the question left is in the state. When a leader was last heard from tells nothing: it may have been deposed.
public sealed partial class RaftCore
{
    /// <summary>The oldest answer that waits for its index to be applied, and the newest, which takes its place then: a state that always lags still gets fresher.</summary>
    private (ulong Index, long AskedAtMs)? _nextFresh;
    private (ulong Index, long AskedAtMs)? _lastFresh;

    /// <summary>
    /// A moment of the node's monotonic clock, in milliseconds: the applied state contains every write that was acknowledged before it. Null where nothing is known, as after a
    /// start or a clock stall. It moves with every read that this node asks for and is answered, of any mode. Whoever tells an age from it adds a tick, which is more than a
    /// <see cref="StallWatch"/> misses.
    /// </summary>
    public long? StateIsFreshAsOfMs { get; private set; }

    /// <summary>What this node asked at this moment was answered with this index.</summary>
    private void NoteFreshness(ulong index, long askedAtMs)
    {
        if (askedAtMs <= _stalledAtMs)
            return;
        if (index <= _applied)
            StateIsFreshAsOfMs = Math.Max(StateIsFreshAsOfMs ?? long.MinValue, askedAtMs);
        else if (_nextFresh is null)
            _nextFresh = (index, askedAtMs);
        else if (_lastFresh is not { } last || last.AskedAtMs < askedAtMs)
            _lastFresh = (index, askedAtMs);
    }

    /// <summary>More was applied.</summary>
    private void AdvanceFreshness()
    {
        while (_nextFresh is { } next && next.Index <= _applied)
        {
            NoteFreshness(next.Index, next.AskedAtMs);
            (_nextFresh, _lastFresh) = (_lastFresh, null);
        }
    }

    private void ForgetFreshness()
    {
        _nextFresh = _lastFresh = null;
        StateIsFreshAsOfMs = null;
    }
}
