namespace ReplicatedState.Consensus.Tests.Traps;

/// <summary>The line of docs/traps.md that a test stands for, and the planted bug that its schedule catches.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class TrapAttribute(string line, CoreMutant mutant = CoreMutant.None) : Attribute
{
    public string Line { get; } = line;

    public CoreMutant Mutant { get; } = mutant;
}
