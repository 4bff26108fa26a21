namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What may go wrong in a simulation of whole nodes beyond crashes and a plain network: disks, clocks, links. Times are means, in microseconds; 0 means never.</summary>
public sealed record NodeFaults
{
    /// <summary>Nothing of it.</summary>
    public static NodeFaults None { get; } = new();

    /// <summary>Between ends of a process that leave the machine running.</summary>
    public int KillEveryUs { get; init; }

    /// <summary>Between writes or syncs that fail with an I/O error.</summary>
    public int DiskFailureEveryUs { get; init; }

    /// <summary>Between times of a slow disk.</summary>
    public int SlowDiskEveryUs { get; init; }

    /// <summary>Between times in which a disk has little space left, or none.</summary>
    public int ShortSpaceEveryUs { get; init; }

    /// <summary>Free bytes below which nodes refuse writes; 0 lets them run into the end of the disk.</summary>
    public int LowSpaceBytes { get; init; }

    /// <summary>Between steps and freezes of wall clocks.</summary>
    public int ClockFaultEveryUs { get; init; }

    /// <summary>How many parts of a million a node's clock is faster or slower at most.</summary>
    public int ClockDriftMax { get; init; }

    /// <summary>Between times of a flapping link.</summary>
    public int FlapEveryUs { get; init; }

    /// <summary>Frames of a million that arrive with a flipped bit.</summary>
    public int CorruptedPerMillion { get; init; }

    /// <summary>When one node's disk loses its integrity, in microseconds from the start; 0 for never. Detected, not survived: the run ends with the other nodes.</summary>
    public int DamageAtUs { get; init; }

    /// <summary>Whether the damage is a write to another place, instead of a flipped bit.</summary>
    public bool DamageIsMisdirection { get; init; }

    /// <summary>Draws the faults of a run.</summary>
    public static NodeFaults Draw(SeededRandom random) => new()
    {
        KillEveryUs = random.OneOf(0, 0, 4_000_000),
        DiskFailureEveryUs = random.OneOf(0, 0, 3_000_000, 8_000_000),
        SlowDiskEveryUs = random.OneOf(0, 0, 5_000_000),
        ShortSpaceEveryUs = random.OneOf(0, 0, 6_000_000),
        LowSpaceBytes = random.OneOf(0, 32 * 1024, 128 * 1024),
        ClockFaultEveryUs = random.OneOf(0, 0, 3_000_000),
        ClockDriftMax = random.OneOf(0, 0, 500, 4_000),
        FlapEveryUs = random.OneOf(0, 0, 5_000_000),
        CorruptedPerMillion = random.OneOf(0, 100, 2_000),
        DamageAtUs = random.OneOf(0, 0, 0, random.Between(5_000_000, 25_000_000)),
        DamageIsMisdirection = random.Chance(500),
    };
}
