namespace ReplicatedState.Generators.Model;

/// <summary>One [RetiredState].</summary>
/// <param name="Name">The name that identified the member.</param>
/// <param name="Key">The number that identifies it in old snapshots.</param>
internal sealed record RetiredStateModel(string Name, uint Key);
