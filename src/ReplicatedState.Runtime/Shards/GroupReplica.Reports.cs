using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Shards;

// What members tell their leader about themselves, and what a leader makes of it: a node without room gives leadership away, and the leader can say why a follower stands still.
internal sealed partial class GroupReplica
{
    private readonly MemberReports _reports;
    private (RaftId Leader, ulong Term, ReplicaReport Report, long AtMs) _reported;
    private long _yieldAtMs = long.MaxValue;

    /// <summary>A member told something about itself.</summary>
    public void OnReport(RaftId from, in ReplicaReport report)
    {
        if (!IsLeader)
            return;
        _reports.Take(from, report, _core.Clock.MonotonicMs);
        if (report.Standing != ReplicaStanding.Quarantined)
            return;
        _comparison.Forget(from, _core.Clock.MonotonicMs);
        _states.Forget(from, _core.Clock.MonotonicMs);
        ProvideState(from, report.Since);
    }

    private void NoteWhoIsAround(long nowMs)
    {
        if (!IsLeader)
            return;
        foreach (RaftId member in _core.Status.Configuration.Members())
        {
            if (_core.ProgressOf(member) is { RecentlyActive: true })
                _reports.Saw(member, nowMs);
        }
    }

    /// <summary>Says what is new, once; a refusal again and again, because it ends when it isn't repeated.</summary>
    private void ReportToLeader(long nowMs)
    {
        CoreStatus core = _core.Status;
        RaftId leader = core.Leader;
        if (leader.IsNone || leader == _node.Identity.RaftId)
        {
            _reported = default;
            return;
        }

        var report = new ReplicaReport(Id, _log.Snapshot.Index, _node.LowSpace ?? "")
        {
            // A quarantine that the disk doesn't know of yet might be over after a restart.
            Standing = _standing == ReplicaStanding.Quarantined && !_isQuarantineKept ? ReplicaStanding.Doubted : _standing,
            Distrust = _distrust,
            Since = _standing switch
            {
                ReplicaStanding.Proving => _proveAt,
                ReplicaStanding.Doubted => (ulong)_doubtOf,
                _ => WantedSnapshot(nowMs),
            },
            State = _stateAt,
        };
        bool isNews = _reported.Leader != leader || _reported.Term != core.HardState.Term || _reported.Report != report;
        bool isDue = report.IsTrouble && nowMs - _reported.AtMs >= _node.Options.Raft.ElectionTimeoutMinMs;
        if ((isNews || isDue) && Send(leader, report))
            _reported = (leader, core.HardState.Term, report, nowMs);
    }

    private bool Send(RaftId leader, in ReplicaReport report)
    {
        if (_node.Peers.Find(leader) is not { } peer)
            return false;
        FrameBuffer frame = FrameHeader.RentFrame();
        report.Write(frame);
        (_node.HeaderOf(FrameKind.Report) with { To = leader }).Seal(frame);
        return peer.TrySend(Lane.Control, frame);
    }

    /// <summary>
    /// A leader without room refuses every write of the group, although others may have room: it hands over, after an election timeout in which those without room could say so.
    /// </summary>
    private void YieldIfSpaceIsLow(long nowMs)
    {
        if (!IsLeader || !_node.IsSpaceLow)
        {
            _yieldAtMs = long.MaxValue;
            return;
        }

        if (_yieldAtMs == long.MaxValue)
            _yieldAtMs = nowMs + _node.Options.Raft.ElectionTimeoutMaxMs;
        if (nowMs < _yieldAtMs)
            return;
        _yieldAtMs = nowMs + _node.Options.Raft.ElectionTimeoutMaxMs;
        RaftId target = ClosestVoter(except: voter => _reports.RefusalOf(voter, nowMs) is not null || _reports.StandingOf(voter) != ReplicaStanding.Trusted || !_reports.IsAround(voter, nowMs));
        if (!target.IsNone)
            _core.TransferLeadership(target);
    }
}
