namespace ReplicatedState.Testing.NodeLevel;

/// <summary>All kinds of trouble there are.</summary>
internal static class NodeFaultList
{
    /// <summary>Faults from this one on draw from streams of their own.</summary>
    private const FaultKind FirstWithOwnRandom = FaultKind.DiskDamage + 1;

    /// <summary>One of each, for a new run, in the order in which they begin.</summary>
    public static NodeFault[] New() =>
    [
        new PartitionFault(),
        new PowerCutFault(),
        new BrokenStreamFault(),
        new PauseFault(),
        new ProcessKillFault(),
        new DiskFailureFault(),
        new SlowDiskFault(),
        new ShortSpaceFault(),
        new WallClockFault(),
        new ClockDriftFault(),
        new FlappingLinkFault(),
        new CorruptedFrameFault(),
        new DiskDamageFault(),
        new OperatorFault(),
        new RestoredBackupFault(),
        new DivergenceFault(),
        new VersionUpgradeFault(),
        new StandoffFault(),
    ];

    /// <summary>Where the fault gets its randomness from.</summary>
    public static SeededRandom RandomOf(FaultKind kind, ulong seed, SeededRandom shared) =>
        kind < FirstWithOwnRandom ? shared : new SeededRandom(seed ^ ((ulong)kind << 40));

    /// <summary>Draws those of the kinds from one to another, in the order of the kinds.</summary>
    public static NodeFaults Draw(NodeFaults faults, FaultKind first, FaultKind last, ulong seed, SeededRandom shared)
    {
        foreach (NodeFault fault in New().Where(f => f.Kind >= first && f.Kind <= last).OrderBy(f => f.Kind))
        {
            FaultSetting setting = fault.Draw(RandomOf(fault.Kind, ~seed, shared));
            faults = faults.With(fault.Kind, setting.Value, setting.Detail);
        }

        return faults;
    }
}
