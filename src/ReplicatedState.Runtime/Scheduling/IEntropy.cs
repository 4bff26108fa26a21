namespace ReplicatedState.Runtime.Scheduling;

/// <summary>The only source of randomness of the node: the operating system's in production, a seed in the simulator. Safe for concurrent use.</summary>
public interface IEntropy
{
    /// <summary>Fills the buffer with random bytes.</summary>
    void Fill(Span<byte> into);
}
