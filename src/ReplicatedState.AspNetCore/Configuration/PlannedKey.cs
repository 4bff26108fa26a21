namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>A key of the complete feature list that this version knows by name and doesn't obey.</summary>
/// <param name="Path">Its sections and name in snake case, joined by dots.</param>
/// <param name="AsBuilt">The value that describes what this version does anyway, and is accepted in silence; null where there is none.</param>
/// <param name="Refusal">Why any other value must stop the start; null where a warning is honest enough.</param>
internal sealed record PlannedKey(string Path, string? AsBuilt = null, string? Refusal = null);
