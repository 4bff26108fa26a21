namespace ReplicatedState.Testing;

/// <summary>A machine isn't deterministic: replicas that execute the same commands would diverge.</summary>
public sealed class NondeterminismException : Exception
{
    internal NondeterminismException(string machine, IReadOnlyList<string> differences)
        : base($"The machine '{machine}' isn't deterministic.{Environment.NewLine}{string.Join(Environment.NewLine, differences)}") => Differences = differences;

    /// <summary>The first difference in each way of execution that showed one, as a sentence.</summary>
    public IReadOnlyList<string> Differences { get; }
}
