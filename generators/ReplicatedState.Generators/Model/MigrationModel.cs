namespace ReplicatedState.Generators.Model;

/// <summary>One [Migrate] method.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Version">The machine version that it leads to, from the one before it.</param>
/// <param name="TakesContext">Whether it takes a CommandContext.</param>
internal sealed record MigrationModel(string Method, int Version, bool TakesContext);
