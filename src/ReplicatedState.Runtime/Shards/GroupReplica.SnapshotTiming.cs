using System.Collections.Immutable;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Snapshots;

namespace ReplicatedState.Runtime.Shards;

// When this replica takes its next snapshot; see SnapshotTiming.
internal sealed partial class GroupReplica
{
    private void CaptureIfDue(long nowMs)
    {
        ulong applied = _machine.Applied;
        ulong since = applied - Math.Min(applied, _log.Snapshot.Index);
        if (since > 0 && (IsSnapshotDue(since, nowMs) || WouldSnapshotMakeRoom))
            TryCapture();
    }

    private bool IsSnapshotDue(ulong since, long nowMs)
    {
        double pressure = SnapshotTiming.Pressure(_node.Options.Raft, since, _bytesSinceSnapshot, _snapshotBytes, nowMs - _snapshotAtMs);
        if (pressure < 1)
            return false;
        if (pressure >= SnapshotTiming.LeaderPatience)
            return true;
        ImmutableArray<RaftId> members = _core.Status.Configuration.Members();
        if (pressure < SnapshotTiming.DueAt(Math.Max(0, members.IndexOf(_node.Identity.RaftId)), members.Length))
            return false;
        return !IsLeader || HaveFollowersCaptured(members, nowMs);
    }

    /// <summary>Whether every member that follows closely has a newer snapshot than this leader. One that is away, or gets its state by snapshot, isn't waited for.</summary>
    private bool HaveFollowersCaptured(ImmutableArray<RaftId> members, long nowMs)
    {
        foreach (RaftId member in members)
        {
            if (member != _node.Identity.RaftId
                && _reports.IsAround(member, nowMs)
                && _core.ProgressOf(member) is { State: ProgressState.Replicate }
                && _reports.SnapshotIndexOf(member) <= _log.Snapshot.Index)
                return false;
        }

        return true;
    }

    /// <summary>With little space left, a log that is longer than the state makes room by a snapshot, if there is room for that.</summary>
    private bool WouldSnapshotMakeRoom => _node.IsSpaceLow && _bytesSinceSnapshot > _snapshotBytes && _snapshotBytes < _node.FreeBytes / 2;
}
