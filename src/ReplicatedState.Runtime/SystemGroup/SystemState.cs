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

    /// <summary>The groups by name, without the system group itself.</summary>
    public ImmutableSortedDictionary<string, ClusterGroup> Groups { get; init; } = ImmutableSortedDictionary.Create<string, ClusterGroup>(StringComparer.Ordinal);

    /// <summary>The id of the next group.</summary>
    public uint NextGroupId { get; init; } = 1;

    /// <summary>The member of that name; null where there is none.</summary>
    public Member? MemberNamed(string name) => Members.Values.FirstOrDefault(member => member.Name == name);
}
