namespace ReplicatedState.Runtime.Options;

/// <summary>The <c>upgrade.*</c> keys.</summary>
public sealed record UpgradeOptions
{
    /// <summary>
    /// <c>upgrade.auto_activate</c>: a machine version is put into effect as soon as every member's binary has it. Otherwise an operator orders it, and until then every node may go back to
    /// its earlier binary.
    /// </summary>
    public bool AutoActivate { get; init; }
}
