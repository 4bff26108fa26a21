using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Shards;

/// <summary>The randomness of one core's election timeouts: SplitMix64 from a seed drawn at the node's start.</summary>
internal sealed class CoreRandom(ulong seed) : IRng
{
    private ulong _state = seed;

    /// <inheritdoc/>
    public uint Next(uint bound)
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (uint)(((z >> 32) * bound) >> 32);
    }
}
