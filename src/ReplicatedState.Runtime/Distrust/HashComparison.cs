using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Distrust;

/// <summary>A leader's comparison of its members' hashes with its own, and by majority of the voters who is right. Of one term; owned by the group's shard.</summary>
/// <remarks>
/// What a majority of the voters has is right, of both majorities in a joint configuration, whoever leads. A member that is known to be wrong, or not yet known to be right again, stands for nothing,
/// and still is one of those that a majority is a majority of. Only hashes of the same index are ever compared.
/// </remarks>
internal sealed class HashComparison(RaftId self)
{
    private readonly Dictionary<RaftId, HashClaims> _members = [];

    /// <summary>A member says what it came to.</summary>
    public void Take(RaftId member, in HashCheckpoint claim, long answersSentAtMs) => Of(member).Take(claim, answersSentAtMs);

    /// <summary>A member's state is being replaced, or was: what it said before is void.</summary>
    public void Forget(RaftId member, long nowMs) => Of(member).Forget(nowMs);

    /// <summary>Another term: everything is said anew.</summary>
    public void Clear() => _members.Clear();

    /// <summary>The highest index at which a member was found equal; default where it never was.</summary>
    public HashCheckpoint EqualAt(RaftId member) => _members.TryGetValue(member, out HashClaims? claims) ? claims.Equal : default;

    /// <summary>Whether a member has a hash that differs.</summary>
    public bool Differs(RaftId member) => _members.TryGetValue(member, out HashClaims? claims) && claims.Differing.Length > 0;

    /// <summary>Compares what came with the own hashes.</summary>
    public void Compare(Func<ulong, UInt128?> own, ulong applied)
    {
        foreach (HashClaims claims in _members.Values)
            claims.Compare(own, applied);
    }

    /// <summary>Whether a majority of the voters is known to have what the leader has at an index.</summary>
    public bool HasMajority(Configuration members, ulong index, Predicate<RaftId> isTrusted)
    {
        bool Supports(RaftId voter) => voter == self || (isTrusted(voter) && EqualAt(voter).Index >= index);
        return IsMajority(members.Voters, Supports) && IsMajority(members.OutgoingVoters, Supports);
    }

    /// <summary>Judges every member that differs. Nothing is added where nobody does.</summary>
    public void Judge(Configuration members, Predicate<RaftId> isTrusted, List<Judgement> into)
    {
        foreach (RaftId member in members.Members())
        {
            if (!_members.TryGetValue(member, out HashClaims? claims) || claims.Differing.IsEmpty)
                continue;
            Judgement best = default;
            foreach (HashCheckpoint differs in claims.Differing)
            {
                var judgement = new Judgement(Judge(members, member, differs, isTrusted), member, differs);
                bool isDecided = judgement.Kind is JudgementKind.MemberInMinority or JudgementKind.LeaderInMinority;
                if (isDecided || judgement.Kind > best.Kind)
                    best = judgement;
                if (isDecided)
                    break;
            }

            into.Add(best);
        }
    }

    private JudgementKind Judge(Configuration members, RaftId member, HashCheckpoint differs, Predicate<RaftId> isTrusted)
    {
        if (HasMajority(members, differs.Index, isTrusted))
            return JudgementKind.MemberInMinority;
        if (!isTrusted(member))
            return JudgementKind.Undecided;
        bool Sides(RaftId voter) => voter != self && isTrusted(voter) && HasSaid(voter, differs);
        if (IsMajority(members.Voters, Sides) && IsMajority(members.OutgoingVoters, Sides))
            return JudgementKind.LeaderInMinority;
        foreach (RaftId voter in members.Voters.Union(members.OutgoingVoters))
        {
            if (voter != self && isTrusted(voter) && EqualAt(voter).Index < differs.Index && !HasSaidAnything(voter, differs.Index))
                return JudgementKind.Undecided;
        }

        return JudgementKind.NoMajority;
    }

    private bool HasSaid(RaftId voter, HashCheckpoint what) => _members.TryGetValue(voter, out HashClaims? claims) && claims.Differing.Contains(what);

    private bool HasSaidAnything(RaftId voter, ulong index)
    {
        if (!_members.TryGetValue(voter, out HashClaims? claims))
            return false;
        foreach (HashCheckpoint differing in claims.Differing)
        {
            if (differing.Index == index)
                return true;
        }

        return false;
    }

    private HashClaims Of(RaftId member)
    {
        if (!_members.TryGetValue(member, out HashClaims? claims))
            _members.Add(member, claims = new HashClaims());
        return claims;
    }

    private static bool IsMajority(ImmutableArray<RaftId> voters, Predicate<RaftId> which)
    {
        int count = 0;
        foreach (RaftId voter in voters)
        {
            if (which(voter))
                count++;
        }

        return voters.IsEmpty || count > voters.Length / 2;
    }
}
