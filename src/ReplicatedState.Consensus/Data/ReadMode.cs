namespace ReplicatedState.Consensus;

/// <summary>How a leader makes sure that it still leads when it answers a read. Both ways are linearizable.</summary>
public enum ReadMode : byte
{
    /// <summary>A quorum answers a heartbeat that was sent after the read came (dissertation 6.4). Depends on no clock.</summary>
    Linearizable = 0,

    /// <summary>By the leader's lease, at once (dissertation 6.4.1); where it holds none, as <see cref="Linearizable"/>. Depends on clocks that drift no more than is configured.</summary>
    Lease = 1,
}
