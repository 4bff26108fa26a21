using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Replication;

namespace ReplicatedState.Runtime.Shards;

// What only a leader can see of time: that something expires and no entry comes along to say so, and whose clock is wrong.
internal sealed partial class GroupReplica
{
    /// <summary>However many sessions end one after the other, so often is enough. Timers wait for nothing but the entry before.</summary>
    private const int ExpiryIntervalMsMin = 1000;

    private readonly VoterClocks _clocks;
    private readonly List<(RaftId Voter, long? ClockMs)> _clockReadings = [];
    private long _nextExpiryEntryMs;

    /// <summary>Why the clocks of the group's voters need an operator; null while they agree. A leader knows, others don't.</summary>
    private string? ClockAlarm => _clocks.Alarms.Count == 0 ? null : DescribeClocks();

    private void LookAtTime(long nowMs)
    {
        CoreStatus core = _core.Status;
        if (core.Role != RaftRole.Leader)
        {
            _clocks.Clear();
            return;
        }

        _clockReadings.Clear();
        foreach (RaftId voter in core.Configuration.Voters)
            _clockReadings.Add((voter, voter == _node.Identity.RaftId ? _core.Clock.WallMs : _core.ProgressOf(voter)?.WallClockMs));
        if (_clocks.Look(_clockReadings, nowMs))
            _node.Log.ClocksChanged(ClockAlarm ?? $"Group {Id} ({Description.Name}): the clocks of all voters agree again.");
        ProposeTickIfDue(core, nowMs);
    }

    /// <summary>An entry that only carries log time along, where something is due to expire, or a timer to fire, and nothing else does. Any entry on its way would do the same, so it is waited for.</summary>
    private void ProposeTickIfDue(in CoreStatus core, long nowMs)
    {
        if (_node.IsSpaceLow || _machine.HaltReason is not null || _machine.Applied != core.Last.Index || _machine.Machine is not { } machine)
            return;
        // With everything applied nobody applies, so the machine may be looked at from here.
        if (_clocks.MedianMs is not { } logTimeMs)
            return;
        bool expires = logTimeMs >= machine.NextExpiryMs && nowMs >= _nextExpiryEntryMs;
        if (!expires && logTimeMs < machine.NextTimerMs)
            return;
        if (expires)
            _nextExpiryEntryMs = nowMs + ExpiryIntervalMsMin;
        ProposeOwn(EntryKind.Tick, []);
    }

    private string DescribeClocks()
    {
        IEnumerable<string> clocks = _clocks.Alarms.Select(alarm => string.Create(
            CultureInfo.InvariantCulture,
            $"that of {_node.MemberOf(alarm.Key)?.Name ?? alarm.Key.ToString()} is {Math.Abs(alarm.Value)} ms {(alarm.Value > 0 ? "ahead" : "behind")}"));
        return $"Group {Id} ({Description.Name}): wall clocks are further from the voters' median than {_node.Options.Raft.MaxClockSkewMs} ms (raft.max_clock_skew): "
            + $"{string.Join(", ", clocks)}. Check how these nodes synchronise their time.";
    }
}
