namespace ReplicatedState.Analyzers;

/// <summary>Where every rule has a page of its own.</summary>
internal static class HelpLinks
{
    public const string Base = "https://github.com/replicatedstate/replicatedstate/blob/main/docs/analyzers/";
}
