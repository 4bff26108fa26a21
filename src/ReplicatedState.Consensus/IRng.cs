namespace ReplicatedState.Consensus;

/// <summary>The seeded source of all randomness in the core.</summary>
public interface IRng
{
    /// <summary>A number from 0 to <paramref name="bound"/> − 1.</summary>
    uint Next(uint bound);
}
