namespace ReplicatedState.Runtime.Distrust;

/// <summary>What a replica's machine is worth, by what its hashes showed. The numbers are on the wire.</summary>
internal enum ReplicaStanding : byte
{
    /// <summary>Nothing speaks against it.</summary>
    Trusted = 0,

    /// <summary>It differs from another, and who is right isn't known yet: it answers nothing until it is.</summary>
    Doubted = 1,

    /// <summary>It is wrong, or nobody can tell: it applies and answers nothing, and waits for a snapshot.</summary>
    Quarantined = 2,

    /// <summary>It was reinstalled from a snapshot, applies again and answers nothing until its hash was found right.</summary>
    Proving = 3,
}
