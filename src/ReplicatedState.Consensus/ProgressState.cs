namespace ReplicatedState.Consensus;

/// <summary>How a leader serves a member.</summary>
public enum ProgressState : byte
{
    /// <summary>Looking for where the logs agree, one message at a time.</summary>
    Probe = 0,

    /// <summary>Streaming entries ahead of their acknowledgement.</summary>
    Replicate = 1,

    /// <summary>Waiting for a snapshot to arrive.</summary>
    Snapshot = 2,
}
