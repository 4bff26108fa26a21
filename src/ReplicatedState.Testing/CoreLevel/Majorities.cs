using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>What a quorum is, in the words of the dissertation and apart from the core's own function, so that the two can't be wrong together.</summary>
internal static class Majorities
{
    /// <summary>More than half of the voters, and of the outgoing ones where there are any.</summary>
    public static bool Have(Configuration configuration, Func<RaftId, bool> has) =>
        HasMajority(configuration.Voters, has) && (configuration.OutgoingVoters.IsEmpty || HasMajority(configuration.OutgoingVoters, has));

    /// <summary>True where no quorum of one can do without every quorum of the other: by trying all sets of voters.</summary>
    public static bool AlwaysMeet(Configuration one, Configuration other)
    {
        RaftId[] voters = [.. one.Voters.Union(one.OutgoingVoters).Union(other.Voters).Union(other.OutgoingVoters)];
        for (uint set = 0; set < 1u << voters.Length; set++)
        {
            uint chosen = set;
            if (Have(one, id => (chosen >> Array.IndexOf(voters, id) & 1) != 0) && Have(other, id => (chosen >> Array.IndexOf(voters, id) & 1) == 0))
                return false;
        }

        return true;
    }

    private static bool HasMajority(ImmutableArray<RaftId> voters, Func<RaftId, bool> has)
    {
        int count = 0;
        foreach (RaftId voter in voters)
            count += has(voter) ? 1 : 0;
        return count * 2 > voters.Length;
    }
}
