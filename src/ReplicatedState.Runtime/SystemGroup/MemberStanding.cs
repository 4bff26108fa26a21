namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>What the cluster wants a member to be in every group. The numbers are on disk and on the wire.</summary>
public enum MemberStanding : byte
{
    /// <summary>Votes, once it has caught up: until then it learns.</summary>
    Voter = 0,

    /// <summary>Gets everything and never votes.</summary>
    Learner = 1,

    /// <summary>Is being taken out of every group, and forgotten when that is done.</summary>
    Leaving = 2,
}
