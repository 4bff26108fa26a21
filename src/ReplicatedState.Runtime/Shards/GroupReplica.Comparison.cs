using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Options;
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
    private readonly Dictionary<RaftId, (Verdict Verdict, long AtMs)> _told = [];
    private Verdict _standoff;

    /// <summary>A member answered a heartbeat with what its state machine came to.</summary>
    private void NoteClaim(in Message answer)
    {
        CoreStatus core = _core.Status;
        if (core.Role == RaftRole.Leader && answer.Term == core.HardState.Term && answer.Applied.Index > 0)
            _comparison.Take(answer.From, answer.Applied, answer.SentAtMs);
    }

    private bool IsTrusted(RaftId member) => _reports.StandingOf(member) is ReplicaStanding.Trusted or ReplicaStanding.Doubted || _node.Options.Mutant == NodeMutant.QuarantinedCounted;

    private void ForgetComparison()
    {
        _comparison.Clear();
        _states.Clear();
        _told.Clear();
        _standoff = default;
    }

    private void CompareHashes(long nowMs)
    {
        if (!IsLeader || _standing is ReplicaStanding.Quarantined or ReplicaStanding.Proving || _machine.Machine is not { } machine)
            return;
        Configuration members = _core.Status.Configuration;
        _comparison.Compare(_node.Options.Mutant == NodeMutant.IndexesMixedUp ? AtAnyIndex(machine) : _ownHash, machine.AppliedIndex);
        CompareStates(members, nowMs);
        if (TryConclude(HashKind.Apply, members, nowMs) && TryConclude(HashKind.State, members, nowMs) && TryEndStandoff(members, nowMs))
            Acquit(members, nowMs);
    }

    /// <summary>A bug planted on purpose, in a method of its own: where it isn't, no closure is made for it.</summary>
    private static Func<ulong, UInt128?> AtAnyIndex(GroupMachine machine) => _ => machine.ApplyHash;

    private HashComparison ComparisonOf(HashKind hash) => hash == HashKind.Apply ? _comparison : _states;

    /// <summary>Draws the consequences of what differs; false where this leader is the one that is wrong.</summary>
    private bool TryConclude(HashKind hash, Configuration members, long nowMs)
    {
        _judgements.Clear();
        ComparisonOf(hash).Judge(members, _isTrusted, _judgements);
        foreach (Judgement judgement in _judgements)
        {
            if (judgement.Kind != JudgementKind.LeaderInMinority)
                continue;
            Quarantine(judgement.Differs.Index, Sentences.Minority(this, new Verdict(Id, 0, VerdictKind.Minority, hash, judgement.Differs)));
            // Who sides with the majority leads next; whoever doesn't is found out by it.
            _core.TransferLeadership(judgement.Member);
            return false;
        }

        foreach (Judgement judgement in _judgements)
            ActOn(judgement, hash, nowMs);
        return true;
    }

    private void ActOn(in Judgement judgement, HashKind hash, long nowMs)
    {
        ReplicaStanding standing = _reports.StandingOf(judgement.Member);
        if (standing == ReplicaStanding.Quarantined || (hash == HashKind.Apply ? OwnHash(judgement.Differs.Index) : OwnState(judgement.Differs.Index)) is not { } own)
            return;
        var verdict = new Verdict(Id, _core.Status.HardState.Term, VerdictKind.Minority, hash, new HashCheckpoint(judgement.Differs.Index, own));
        switch (judgement.Kind)
        {
            case JudgementKind.MemberInMinority:
                Tell(judgement.Member, verdict, nowMs);
                break;
            case JudgementKind.NoMajority:
                Doubt(verdict, NameOf(judgement.Member));
                if (_standoff.At.Index == 0)
                    _standoff = verdict with { Kind = VerdictKind.NoMajority };
                break;
            case JudgementKind.Undecided when standing != ReplicaStanding.Proving:
                Doubt(verdict, NameOf(judgement.Member));
                Tell(judgement.Member, verdict with { Kind = VerdictKind.Doubt }, nowMs);
                break;
        }
    }

    /// <summary>Nobody can tell who is right. The others stop first, each when its disk knows that it has; then this leader, which has told all of them. False where it has.</summary>
    private bool TryEndStandoff(Configuration members, long nowMs)
    {
        if (_standoff.At.Index == 0)
            return true;
        bool haveAllStopped = true;
        foreach (RaftId member in members.Members())
        {
            if (member == _node.Identity.RaftId || !members.IsVoter(member) || _reports.StandingOf(member) == ReplicaStanding.Quarantined)
                continue;
            haveAllStopped = false;
            Tell(member, _standoff, nowMs);
        }

        if (haveAllStopped)
            Quarantine(_standoff.At.Index, Sentences.NoMajority(this, _standoff));
        return !haveAllStopped;
    }

    /// <summary>Says of members that nobody trusted that they are right, and of this leader itself.</summary>
    private void Acquit(Configuration members, long nowMs)
    {
        if (_standing == ReplicaStanding.Doubted && _standoff.At.Index == 0)
            AcquitSelf(members, nowMs);
        if (_standing != ReplicaStanding.Trusted)
            return;
        foreach (RaftId member in members.Members())
        {
            ReplicaReport report = _reports.Of(member);
            if (report.Standing is not (ReplicaStanding.Doubted or ReplicaStanding.Proving))
                continue;
            HashKind hash = report is { Standing: ReplicaStanding.Doubted, Since: (ulong)HashKind.State } ? HashKind.State : HashKind.Apply;
            HashCheckpoint equal = ComparisonOf(hash).EqualAt(member);
            ulong atLeast = report.Standing == ReplicaStanding.Proving ? Math.Max(1, report.Since) : 1;
            if (equal.Index >= atLeast && !ComparisonOf(hash).Differs(member))
                Tell(member, new Verdict(Id, _core.Status.HardState.Term, VerdictKind.Equal, hash, equal), nowMs);
        }
    }

    private void AcquitSelf(Configuration members, long nowMs)
    {
        if (ComparisonOf(_doubtOf).HasMajority(members, _doubtAt, _isTrusted))
        {
            _node.Log.Trusted(Id, Description.Name, _doubtAt);
            SetStanding(ReplicaStanding.Trusted, "");
        }
        else if (_doubtOf == HashKind.State && nowMs - _stateOrderedAtMs > 2L * _node.Options.Raft.ElectionTimeoutMaxMs)
        {
            ProposeStateHash(); // who was away may have missed the index: at another one it can say
        }
    }

    private void Tell(RaftId member, in Verdict verdict, long nowMs)
    {
        bool isRepeated = _told.TryGetValue(member, out (Verdict Verdict, long AtMs) last) && last.Verdict == verdict;
        if (isRepeated && nowMs - last.AtMs < _node.Options.Raft.HeartbeatIntervalMs)
            return;
        _told[member] = (verdict, nowMs);
        if (!isRepeated)
            _node.Log.Judged(Id, Description.Name, NameOf(member), verdict.Kind, verdict.At.Index);
        Send(member, verdict);
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
