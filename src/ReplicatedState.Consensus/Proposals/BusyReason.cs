namespace ReplicatedState.Consensus;

/// <summary>Why a leader takes no proposals at the moment.</summary>
public enum BusyReason : byte
{
    /// <summary>It does.</summary>
    None = 0,

    /// <summary>Too many bytes are proposed and not committed.</summary>
    UncommittedBytes = 1,

    /// <summary>Too many bytes are committed and not applied.</summary>
    UnappliedBytes = 2,

    /// <summary>Leadership is being handed over.</summary>
    LeadershipTransfer = 3,
}
