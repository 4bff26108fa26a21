namespace ReplicatedState.Cli;

/// <summary>What the tool ends with. Scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>It is done; or, where only that was asked, it could be done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Another process uses the data directory.</summary>
    public const int InUse = 3;

    /// <summary>It changes something for good, and nobody confirmed it.</summary>
    public const int NotConfirmed = 4;
}
