namespace ReplicatedState.Testing;

/// <summary>How a <see cref="SimulatedDisk"/> behaves.</summary>
public sealed record SimulatedDiskOptions
{
    /// <summary>The size of the file system in bytes: a write beyond it fails as on a full disk.</summary>
    public long CapacityBytes { get; init; } = long.MaxValue;

    /// <summary>Whether a creation, rename or deletion may be undone by a power cut until its directory is synced. Off, it is durable at once, as on a journaling file system in good times.</summary>
    public bool StrictDirectories { get; init; } = true;

    /// <summary>Whether a power cut may leave wrong bits in what was written and not synced.</summary>
    public bool FlipsUnsyncedBits { get; init; } = true;
}
