namespace ReplicatedState.Scenarios.Tests;

/// <summary>Where the reference engine's own scenario files lie: never committed, looked for beside the repository.</summary>
internal static class ReferenceData
{
    public const string Variable = "REPLICATEDSTATE_TEST_DATA";

    /// <summary>A scenario file of a kind (interaction, quorum, confchange); skips the test, visibly, where it isn't there.</summary>
    public static string File(string name, string kind = "interaction")
    {
        string? path = Root is { } root ? Path.Combine(root, "etcd-raft", kind, name + ".txt") : null;
        Skip.If(path is null || !System.IO.File.Exists(path), $"{name}.txt is not here: set {Variable} to the folder that holds etcd-raft/{kind}.");
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
                if (!System.IO.File.Exists(Path.Combine(at.FullName, "ReplicatedState.sln")))
                    continue;
                string beside = Path.Combine(at.FullName, "..", "shared", "data");
                return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
            }

            return null;
        }
    }
}
