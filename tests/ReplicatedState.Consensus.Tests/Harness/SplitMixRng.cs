namespace ReplicatedState.Consensus.Tests.Harness;

/// <summary>SplitMix64: small, and the same everywhere.</summary>
internal sealed class SplitMixRng(ulong seed) : IRng
{
    private ulong _state = seed;

    public uint Next(uint bound)
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (uint)((z ^ (z >> 31)) % bound);
    }
}
