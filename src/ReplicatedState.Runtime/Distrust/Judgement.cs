using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Distrust;

/// <summary>What a leader makes of the hashes of its group.</summary>
internal enum JudgementKind : byte
{
    /// <summary>Nobody differs.</summary>
    Agreement,

    /// <summary>Somebody differs, and more has to be heard before it can be said who is right.</summary>
    Undecided,

    /// <summary>A majority of the voters has what the leader has; one member doesn't.</summary>
    MemberInMinority,

    /// <summary>A majority of the voters has something else than the leader.</summary>
    LeaderInMinority,

    /// <summary>Everybody was heard, and no majority has the same.</summary>
    NoMajority,
}

/// <summary>One finding.</summary>
/// <param name="Kind">What.</param>
/// <param name="Member">Who differs from the leader.</param>
/// <param name="Differs">At which index, and its hash there.</param>
internal readonly record struct Judgement(JudgementKind Kind, RaftId Member, HashCheckpoint Differs);
