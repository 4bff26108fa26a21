namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>A key of the complete feature list that this version knows by name and doesn't obey.</summary>
/// <param name="Path">Its sections and name in snake case, joined by dots.</param>
/// <param name="AsBuilt">The value that describes what this version does anyway, and is accepted in silence; null where there is none.</param>
/// <param name="Refusal">Why any other value must stop the start; null where a warning is honest enough.</param>
/// <param name="TunesOtherStore">It tunes a store that this one takes the place of and has nothing to tune here, not in later versions either: one warning for all of them.</param>
internal sealed record PlannedKey(string Path, string? AsBuilt = null, string? Refusal = null, bool TunesOtherStore = false);
