namespace ReplicatedState.Consensus;

/// <summary>What became of a batch of proposals.</summary>
public enum ProposeOutcome : byte
{
    /// <summary>Appended: committed or aborted later.</summary>
    Accepted = 0,

    /// <summary>Not leader: not appended.</summary>
    NotLeader = 1,

    /// <summary>A cap is reached, or leadership is being handed over: not appended.</summary>
    Busy = 2,
}
