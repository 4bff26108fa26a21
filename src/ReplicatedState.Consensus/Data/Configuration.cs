using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>The members of a group, as carried in full by every config entry.</summary>
/// <remarks>Immutable, every list sorted. Outgoing voters make it a joint configuration: then both sets must agree (Raft dissertation 4.3).</remarks>
/// <param name="Voters">Who votes; in a joint configuration the incoming half.</param>
/// <param name="OutgoingVoters">The outgoing half; empty unless the configuration is joint.</param>
/// <param name="Learners">Who gets the log and counts in no quorum.</param>
/// <param name="AutoLeave">Joint: the leader leaves it by itself when it is committed.</param>
public sealed record Configuration(
    ImmutableArray<RaftId> Voters,
    ImmutableArray<RaftId> OutgoingVoters,
    ImmutableArray<RaftId> Learners,
    bool AutoLeave = false)
{
    /// <summary>The most members of a group, whatever they are.</summary>
    public const int MembersMax = 1024;

    /// <summary>Outgoing voters that become learners when the joint configuration is left.</summary>
    public ImmutableArray<RaftId> LearnersNext { get; init; } = [];

    /// <summary>Learners, now or next, that the leader makes voters when they have caught up.</summary>
    public ImmutableArray<RaftId> AutoPromote { get; init; } = [];

    /// <summary>Nobody: a group that has not been formed.</summary>
    public static Configuration Empty { get; } = new([], [], []);

    /// <summary>What the configuration follows, counted up by whoever proposes it, and nothing to the core: in a node, the index of the system group's entry.</summary>
    public ulong Revision { get; init; }

    /// <summary>True while two sets of voters must agree.</summary>
    public bool IsJoint => !OutgoingVoters.IsEmpty;

    /// <summary>A configuration of voters alone, sorted.</summary>
    public static Configuration Of(IEnumerable<RaftId> voters) => new([.. voters.Order()], [], []);

    /// <summary>True for a voter of either set.</summary>
    public bool IsVoter(RaftId id) => Voters.Contains(id) || OutgoingVoters.Contains(id);

    /// <summary>True for a voter of either set or a learner. (Those that are to become learners are still voters.)</summary>
    public bool IsMember(RaftId id) => IsVoter(id) || Learners.Contains(id);

    /// <summary>All members, each once, sorted.</summary>
    public ImmutableArray<RaftId> Members() => [.. Voters.Concat(OutgoingVoters).Concat(Learners).Distinct().Order()];

    /// <inheritdoc/>
    public bool Equals(Configuration? other) =>
        other is not null
        && Voters.SequenceEqual(other.Voters)
        && OutgoingVoters.SequenceEqual(other.OutgoingVoters)
        && Learners.SequenceEqual(other.Learners)
        && LearnersNext.SequenceEqual(other.LearnersNext)
        && AutoPromote.SequenceEqual(other.AutoPromote)
        && AutoLeave == other.AutoLeave
        && Revision == other.Revision;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Voters.Length, OutgoingVoters.Length, Learners.Length, AutoLeave);

    /// <inheritdoc/>
    public override string ToString() =>
        $"voters=({string.Join(' ', Voters)})"
        + (IsJoint ? $"&&({string.Join(' ', OutgoingVoters)})" : "")
        + (Learners.IsEmpty ? "" : $" learners=({string.Join(' ', Learners)})")
        + (LearnersNext.IsEmpty ? "" : $" learners_next=({string.Join(' ', LearnersNext)})")
        + (AutoPromote.IsEmpty ? "" : $" promote=({string.Join(' ', AutoPromote)})")
        + (AutoLeave ? " autoleave" : "");
}
