using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>What the cluster knows of itself at one index of the system group. Immutable: any thread may read it, as long as it likes.</summary>
public sealed record SystemState
{
    /// <summary>The state before any entry: no cluster has been formed.</summary>
    public static SystemState Empty { get; } = new();

    /// <summary>The cluster's identity, drawn at formation; null before.</summary>
    public Guid? ClusterId { get; init; }

    /// <summary>Counts the times that the cluster was recovered by force.</summary>
    public uint Epoch { get; init; }

    /// <summary>The configured name of the cluster: every node's must match.</summary>
    public string Label { get; init; } = "";

    /// <summary>The nodes.</summary>
    public ImmutableSortedDictionary<RaftId, Member> Members { get; init; } = ImmutableSortedDictionary<RaftId, Member>.Empty;

    /// <summary>The index of the entry that last changed who belongs to the cluster and as what: a group whose configuration names it, or a later one, has arrived there.</summary>
    public ulong MembershipIndex { get; init; }

    /// <summary>Ids that were members once. None of them is ever taken in again.</summary>
    public ImmutableSortedSet<RaftId> Removed { get; init; } = ImmutableSortedSet<RaftId>.Empty;

    /// <summary>The groups by name, without the system group itself.</summary>
    public ImmutableSortedDictionary<string, ClusterGroup> Groups { get; init; } = ImmutableSortedDictionary.Create<string, ClusterGroup>(StringComparer.Ordinal);

    /// <summary>The id of the next group.</summary>
    public uint NextGroupId { get; init; } = 1;

    /// <summary>The member of that name; null where there is none. A name that was passed on belongs to whom it was passed.</summary>
    public Member? MemberNamed(string name)
    {
        Member? leaving = null;
        foreach (Member member in Members.Values)
        {
            if (member.Name != name)
                continue;
            if (member.Standing != MemberStanding.Leaving)
                return member;
            leaving = member;
        }

        return leaving;
    }
}
