namespace ReplicatedState.Consensus;

/// <summary>Where slabs go when nobody references them any more. Safe for concurrent use.</summary>
public interface IPayloadPool
{
    /// <summary>Takes a slab back.</summary>
    void Return(PayloadSlab slab);
}
