namespace ReplicatedState.Consensus;

/// <summary>Says of a <see cref="CoreMutant"/> which bug of the field it puts back. What <c>--list-mutants</c> prints.</summary>
/// <param name="trap">The number of the trap in docs/traps.md.</param>
/// <param name="what">What the core does wrong, and where it was seen.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class PlantedBugAttribute(string trap, string what) : Attribute
{
    public string Trap { get; } = trap;

    public string What { get; } = what;
}
