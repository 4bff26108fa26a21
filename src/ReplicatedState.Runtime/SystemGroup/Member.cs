using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>A node of the cluster, as it described itself. Everything but its id may change; its id is its data directory's.</summary>
public sealed record Member
{
    /// <summary>Who it is in every group's configuration.</summary>
    public required RaftId Id { get; init; }

    /// <summary>The configured name: unique in the cluster, and for humans.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, or shall become, in every group.</summary>
    public MemberStanding Standing { get; init; }

    /// <summary>Where peers and clients reach it over gRPC, host:port.</summary>
    public required string PeerAddress { get; init; }

    /// <summary>Where REST, health and metrics answer, host:port; empty where it serves none.</summary>
    public string HttpAddress { get; init; } = "";

    /// <summary>The oldest version of the wire that it speaks.</summary>
    public int WireVersionMin { get; init; } = 1;

    /// <summary>The newest version of the wire that it speaks.</summary>
    public int WireVersionMax { get; init; } = 1;

    /// <summary>Whatever its operator wrote about it, such as its zone.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>The machines that its binary holds, by name.</summary>
    public ImmutableArray<MemberMachine> Machines { get; init; } = [];

    internal static ImmutableSortedDictionary<string, string> NoLabels { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The newest version of a machine that its binary has; 0 where it lacks the machine.</summary>
    public int VersionOf(string machine)
    {
        foreach (MemberMachine known in Machines)
        {
            if (known.Name == machine)
                return known.Version;
        }

        return 0;
    }

    /// <inheritdoc/>
    public bool Equals(Member? other) =>
        other is not null
        && Id == other.Id
        && Name == other.Name
        && Standing == other.Standing
        && PeerAddress == other.PeerAddress
        && HttpAddress == other.HttpAddress
        && WireVersionMin == other.WireVersionMin
        && WireVersionMax == other.WireVersionMax
        && Labels.SequenceEqual(other.Labels)
        && Machines.SequenceEqual(other.Machines);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}
