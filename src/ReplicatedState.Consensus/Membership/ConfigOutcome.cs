namespace ReplicatedState.Consensus;

/// <summary>What became of a change of members.</summary>
public enum ConfigOutcome : byte
{
    /// <summary>Appended, and in force from now on unless another leader truncates it: committed or undone later.</summary>
    Accepted = 0,

    /// <summary>Not leader: not appended.</summary>
    NotLeader = 1,

    /// <summary>Not appended, for a reason.</summary>
    Refused = 2,
}
