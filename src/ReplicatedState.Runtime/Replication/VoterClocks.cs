using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Replication;

/// <summary>The wall clocks of a group's voters as its leader knows them: their median, and whose is too far from it.</summary>
/// <remarks>
/// A clock is known by its last report, carried forward by the leader's monotonic clock, and a report is late by as much as the network or a pause took. So a clock is called
/// wrong only when it was so at every look for a while.
/// </remarks>
internal sealed class VoterClocks(long skewMsMax, long patienceMs)
{
    private readonly Dictionary<RaftId, long> _wrongSinceMs = [];
    private readonly SortedDictionary<RaftId, long> _alarms = [];
    private readonly List<long> _known = [];

    /// <summary>The median of the known clocks in Unix milliseconds, the lower one of an even number, as entries are stamped by it; null where none is known.</summary>
    public long? MedianMs { get; private set; }

    /// <summary>The voters whose clocks are wrong, and by how many milliseconds; positive is ahead.</summary>
    public IReadOnlyDictionary<RaftId, long> Alarms => _alarms;

    /// <summary>Looks at the clocks; true where the set of alarms is another than before.</summary>
    /// <param name="clocks">The voters' clocks in Unix milliseconds; null where not known.</param>
    /// <param name="nowMs">The monotonic clock.</param>
    public bool Look(IReadOnlyList<(RaftId Voter, long? ClockMs)> clocks, long nowMs)
    {
        _known.Clear();
        foreach ((_, long? clock) in clocks)
        {
            if (clock is { } value)
                _known.Add(value);
        }

        _known.Sort();
        MedianMs = _known.Count == 0 ? null : _known[(_known.Count - 1) / 2];
        bool changed = false;
        foreach (RaftId gone in _alarms.Keys.Where(voter => clocks.All(clock => clock.Voter != voter)).ToList())
            changed |= Clear(gone);
        foreach ((RaftId voter, long? clock) in clocks)
            changed |= Judge(voter, clock, nowMs);
        return changed;
    }

    /// <summary>Forgets everything: this node leads no more.</summary>
    public void Clear()
    {
        _wrongSinceMs.Clear();
        _alarms.Clear();
        MedianMs = null;
    }

    private bool Judge(RaftId voter, long? clock, long nowMs)
    {
        if (skewMsMax == 0 || clock is not { } value || Math.Abs(value - MedianMs!.Value) <= skewMsMax)
            return Clear(voter);
        _wrongSinceMs.TryAdd(voter, nowMs);
        if (nowMs - _wrongSinceMs[voter] < patienceMs)
            return false;
        bool isNew = !_alarms.ContainsKey(voter);
        _alarms[voter] = value - MedianMs!.Value;
        return isNew;
    }

    private bool Clear(RaftId voter)
    {
        _wrongSinceMs.Remove(voter);
        return _alarms.Remove(voter);
    }
}
