namespace ReplicatedState.Histories.Tests;

/// <summary>Where recorded histories of other projects lie: never committed, looked for beside the repository.</summary>
internal static class ReferenceData
{
    public const string Variable = "REPLICATEDSTATE_TEST_DATA";

    /// <summary>A folder of histories; skips the test, visibly, where it isn't there.</summary>
    public static string Folder(string name)
    {
        string? path = Root is { } root ? Path.Combine(root, name) : null;
        Skip.If(path is null || !Directory.Exists(path), $"{name} is not here: set {Variable} to the folder that holds it.");
        return path!;
    }

    private static string? Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
                return given;
            for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (!File.Exists(Path.Combine(at.FullName, "ReplicatedState.sln")))
                    continue;
                string beside = Path.Combine(at.FullName, "..", "shared", "data");
                return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
            }

            return null;
        }
    }
}
