namespace ReplicatedState.Testing.NodeLevel;

/// <summary>How often each fault happened in a run, or in many.</summary>
public sealed class FaultCounts : IEquatable<FaultCounts>
{
    private readonly long[] _counts = new long[Enum.GetValues<SimulatedFault>().Length];

    /// <summary>How often it happened.</summary>
    public long this[SimulatedFault fault] => _counts[(int)fault];

    /// <summary>It happened once more.</summary>
    public void Add(SimulatedFault fault) => _counts[(int)fault]++;

    /// <summary>Adds another run's counts.</summary>
    public void Add(FaultCounts other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    /// <inheritdoc/>
    public bool Equals(FaultCounts? other) => other is not null && _counts.AsSpan().SequenceEqual(other._counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FaultCounts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_counts.Sum());

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Enum.GetValues<SimulatedFault>().Select(fault => $"{fault} {this[fault]}"));
}
