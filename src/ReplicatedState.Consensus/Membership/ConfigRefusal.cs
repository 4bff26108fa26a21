namespace ReplicatedState.Consensus;

/// <summary>Why a change of members was refused. Nothing was appended.</summary>
public enum ConfigRefusal : byte
{
    /// <summary>It wasn't.</summary>
    None = 0,

    /// <summary>The configuration is no longer the one that the change was made for: somebody else changed it.</summary>
    OutdatedIndex = 1,

    /// <summary>The leader has committed nothing in its term yet, so an earlier leader's change may still be under way unseen (Ongaro 2015).</summary>
    NothingCommittedInTerm = 2,

    /// <summary>The previous change isn't committed yet.</summary>
    PreviousUncommitted = 3,

    /// <summary>Leadership is being handed over.</summary>
    LeadershipTransfer = 4,

    /// <summary>The configuration is joint, and must be left first.</summary>
    AlreadyJoint = 5,

    /// <summary>The configuration isn't joint: there is nothing to leave.</summary>
    NotJoint = 6,

    /// <summary>No voter would be left, or there is none to begin with.</summary>
    NoVoters = 7,

    /// <summary>More than one voter differs, which takes a joint configuration. Never told by a leader: it chooses one by itself.</summary>
    MoreThanOneVoter = 8,

    /// <summary>A node that is to vote isn't a member yet, hasn't caught up, or wasn't heard from lately. Try again when it has.</summary>
    NotCaughtUp = 9,

    /// <summary>Everybody is already what the change would make of them.</summary>
    NothingToChange = 10,

    /// <summary>There would be more than <see cref="Configuration.MembersMax"/> members.</summary>
    TooManyMembers = 11,
}
