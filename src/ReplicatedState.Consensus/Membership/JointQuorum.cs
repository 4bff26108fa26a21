using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>
/// The one place that knows what a majority is. Commit, election, read confirmation and check-quorum all ask here, so that a joint
/// configuration (dissertation 4.3) needs both of its majorities everywhere or nowhere.
/// </summary>
internal static class JointQuorum
{
    private const int StackMax = 32;

    /// <summary>What a question about the voters' values is asked of.</summary>
    public interface IValues
    {
        /// <summary>The voter's value; 0 where nothing is known.</summary>
        ulong Of(RaftId voter);
    }

    /// <summary>How an election stands.</summary>
    public interface IBallots
    {
        /// <summary>The voter's answer; null while it hasn't come.</summary>
        bool? Of(RaftId voter);
    }

    /// <summary>The votes needed of a set of voters.</summary>
    public static int Size(int voters, CoreMutant mutant = CoreMutant.None) =>
        mutant == CoreMutant.QuorumOffByOne ? Math.Max(1, voters / 2) : (voters / 2) + 1;

    /// <summary>The largest value that a quorum has reached; <see cref="ulong.MaxValue"/> where there are no voters at all.</summary>
    public static ulong Reached<T>(Configuration configuration, in T values, CoreMutant mutant = CoreMutant.None)
        where T : IValues, allows ref struct =>
        Math.Min(ReachedBy(configuration.Voters, values, mutant), ReachedBy(configuration.OutgoingVoters, values, mutant));

    /// <summary>Won, lost or open.</summary>
    public static ElectionResult Count<T>(Configuration configuration, in T ballots, CoreMutant mutant = CoreMutant.None)
        where T : IBallots, allows ref struct
    {
        ElectionResult incoming = CountOf(configuration.Voters, ballots, mutant);
        ElectionResult outgoing = CountOf(configuration.OutgoingVoters, ballots, mutant);
        if (incoming == outgoing)
            return incoming;
        return incoming == ElectionResult.Lost || outgoing == ElectionResult.Lost ? ElectionResult.Lost : ElectionResult.Open;
    }

    private static ulong ReachedBy<T>(ImmutableArray<RaftId> voters, in T values, CoreMutant mutant)
        where T : IValues, allows ref struct
    {
        int count = voters.Length;
        if (count == 0)
            return ulong.MaxValue;
        Span<ulong> reached = count <= StackMax ? stackalloc ulong[count] : new ulong[count];
        for (int i = 0; i < count; i++)
            reached[i] = values.Of(voters[i]);
        if (mutant != CoreMutant.UnsortedMatches)
            reached.Sort();
        return reached[count - Size(count, mutant)];
    }

    private static ElectionResult CountOf<T>(ImmutableArray<RaftId> voters, in T ballots, CoreMutant mutant)
        where T : IBallots, allows ref struct
    {
        if (voters.IsEmpty)
            return ElectionResult.Won;
        int granted = 0;
        int open = 0;
        foreach (RaftId voter in voters)
        {
            switch (ballots.Of(voter))
            {
                case true:
                    granted++;
                    break;
                case null:
                    open++;
                    break;
            }
        }

        int needed = Size(voters.Length, mutant);
        if (granted >= needed)
            return ElectionResult.Won;
        return granted + open >= needed ? ElectionResult.Open : ElectionResult.Lost;
    }
}
