using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Shards;

// The leader compares what the members' state machines came to with its own, and draws the consequences: a member that differs from a majority is told so, a leader that does gives leadership away.
internal sealed partial class GroupReplica
{
    private readonly HashComparison _comparison;
    private readonly Func<ulong, UInt128?> _ownHash;
    private readonly Predicate<RaftId> _isTrusted;
    private readonly List<Judgement> _judgements = [];
    private readonly Dictionary<RaftId, long> _verdictsAtMs = [];
    private HashCheckpoint _standoff;
    private HashCheckpoint _stateAt;

    /// <summary>A member answered a heartbeat with what its state machine came to.</summary>
    private void NoteClaim(in Message answer)
    {
        CoreStatus core = _core.Status;
        if (core.Role == RaftRole.Leader && answer.Term == core.HardState.Term && answer.Applied.Index > 0)
            _comparison.Take(answer.From, answer.Applied, answer.SentAtMs);
    }

    private bool IsTrusted(RaftId member) => _reports.StandingOf(member) is ReplicaStanding.Trusted or ReplicaStanding.Doubted;

    private void ForgetComparison()
    {
        _comparison.Clear();
        _verdictsAtMs.Clear();
        _standoff = default;
    }

    private void CompareHashes(long nowMs)
    {
        if (!IsLeader || _standing is ReplicaStanding.Quarantined or ReplicaStanding.Proving || _machine.Machine is not { } machine)
            return;
        Configuration members = _core.Status.Configuration;
        _comparison.Compare(_ownHash, machine.AppliedIndex);
        _judgements.Clear();
        _comparison.Judge(members, _isTrusted, _judgements);
        foreach (Judgement judgement in _judgements)
        {
            if (judgement.Kind == JudgementKind.LeaderInMinority)
            {
                YieldToMajority(judgement);
                return;
            }
        }

        foreach (Judgement judgement in _judgements)
            ActOn(judgement, nowMs);
        EndStandoff(members, nowMs);
        Acquit(members, nowMs);
    }

    private void YieldToMajority(in Judgement judgement)
    {
        Quarantine(judgement.Differs.Index, Sentences.Minority(this, judgement.Differs));
        // Who sides with the majority leads next; whoever doesn't is found out by it.
        _core.TransferLeadership(judgement.Member);
    }

    private void ActOn(in Judgement judgement, long nowMs)
    {
        ReplicaStanding standing = _reports.StandingOf(judgement.Member);
        if (standing == ReplicaStanding.Quarantined || OwnHash(judgement.Differs.Index) is not { } own)
            return;
        var at = new HashCheckpoint(judgement.Differs.Index, own);
        switch (judgement.Kind)
        {
            case JudgementKind.MemberInMinority:
                Tell(judgement.Member, VerdictKind.Minority, at, nowMs);
                break;
            case JudgementKind.NoMajority:
                Doubt(at.Index, NameOf(judgement.Member));
                if (_standoff.Index == 0)
                    _standoff = at;
                break;
            case JudgementKind.Undecided when standing != ReplicaStanding.Proving:
                Doubt(at.Index, NameOf(judgement.Member));
                Tell(judgement.Member, VerdictKind.Doubt, at, nowMs);
                break;
        }
    }

    /// <summary>Nobody can tell who is right. The others stop first, each when its disk knows that it has; then this leader, which has told all of them.</summary>
    private void EndStandoff(Configuration members, long nowMs)
    {
        if (_standoff.Index == 0)
            return;
        bool haveAllStopped = true;
        foreach (RaftId member in members.Members())
        {
            if (member == _node.Identity.RaftId || !members.IsVoter(member) || _reports.StandingOf(member) == ReplicaStanding.Quarantined)
                continue;
            haveAllStopped = false;
            Tell(member, VerdictKind.NoMajority, _standoff, nowMs);
        }

        if (haveAllStopped)
            Quarantine(_standoff.Index, Sentences.NoMajority(this, new Verdict(Id, 0, VerdictKind.NoMajority, HashKind.Apply, _standoff)));
    }

    /// <summary>Says of members that nobody trusted that they are right, and of this leader itself.</summary>
    private void Acquit(Configuration members, long nowMs)
    {
        if (_standing == ReplicaStanding.Doubted && _standoff.Index == 0 && _comparison.HasMajority(members, _doubtAt, _isTrusted))
        {
            _node.Log.Trusted(Id, Description.Name, _doubtAt);
            SetStanding(ReplicaStanding.Trusted, "");
        }

        if (_standing != ReplicaStanding.Trusted)
            return;
        foreach (RaftId member in members.Members())
        {
            ReplicaReport report = _reports.Of(member);
            if (report.Standing is not (ReplicaStanding.Doubted or ReplicaStanding.Proving) || _comparison.Differs(member))
                continue;
            HashCheckpoint equal = _comparison.EqualAt(member);
            if (equal.Index >= Math.Max(1, report.Since))
                Tell(member, VerdictKind.Equal, equal, nowMs);
        }
    }

    private void Tell(RaftId member, VerdictKind kind, in HashCheckpoint at, long nowMs)
    {
        if (_verdictsAtMs.TryGetValue(member, out long last) && nowMs - last < _node.Options.Raft.HeartbeatIntervalMs)
            return;
        _verdictsAtMs[member] = nowMs;
        _node.Log.Judged(Id, Description.Name, NameOf(member), kind, at.Index);
        Send(member, new Verdict(Id, _core.Status.HardState.Term, kind, HashKind.Apply, at));
    }

    private void Send(RaftId member, in Verdict verdict)
    {
        if (_node.Peers.Find(member) is not { } peer)
            return;
        FrameBuffer frame = FrameHeader.RentFrame();
        verdict.Write(frame);
        (_node.HeaderOf(FrameKind.Verdict) with { To = member }).Seal(frame);
        peer.TrySend(Lane.Control, frame);
    }

    /// <summary>A member in quarantine wants this leader's state: the newest snapshot if it reaches far enough, or one that is taken for it.</summary>
    private void ProvideState(RaftId member, ulong atLeast)
    {
        if (!IsLeader || _standing != ReplicaStanding.Trusted || atLeast == 0)
            return;
        if (_log.Snapshot.Index >= atLeast)
            _node.Snapshots.Send(this, member, _log.Snapshot);
        else if (_machine.Applied >= atLeast)
            TryCapture();
    }

    private string NameOf(RaftId member) => _node.MemberOf(member)?.Name ?? member.ToString();
}
