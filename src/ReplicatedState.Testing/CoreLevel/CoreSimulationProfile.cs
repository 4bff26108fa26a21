namespace ReplicatedState.Testing.CoreLevel;

/// <summary>
/// Runs that dwell on one area. Where everything is drawn independently, some bugs need so many things at once that no number of seeds brings them together; three in ten seeds therefore give up
/// variety for density.
/// </summary>
internal static class CoreSimulationProfile
{
    /// <summary>Most seeds stay as they were drawn.</summary>
    public static CoreSimulationOptions Draw(SeededRandom random, CoreSimulationOptions options) => random.Next(20) switch
    {
        0 => SuspendedLeases(options),
        1 => PartitionedLeases(options),
        2 => LeasesHandedOver(options),
        3 => QuickRestarts(options),
        4 => HandOvers(options),
        5 => LateAppends(options),
        6 => Distrusted(options),
        _ => options,
    };

    /// <summary>Leases, and machines that stand still.</summary>
    public static CoreSimulationOptions SuspendedLeases(CoreSimulationOptions options) => LateMessages(options) with { SuspendEveryUs = 1_000_000, PartitionEveryUs = 2_000_000 };

    /// <summary>Leases, and leaders that are cut off.</summary>
    public static CoreSimulationOptions PartitionedLeases(CoreSimulationOptions options) => LateMessages(options) with { PartitionEveryUs = 2_000_000 };

    /// <summary>Leases, and orders to campaign.</summary>
    public static CoreSimulationOptions LeasesHandedOver(CoreSimulationOptions options) => LateMessages(options) with { InterveneEveryUs = 1_000_000 };

    /// <summary>Leases, and nodes that are back before anybody has noticed, while others have lost sight of the leader.</summary>
    public static CoreSimulationOptions QuickRestarts(CoreSimulationOptions options) => LateMessages(options) with
    {
        Network = options.Network with { LostPerMille = 250, LatePerMille = 150 },
        CrashEveryUs = 300_000,
        PowerCutPerMille = 0,
        QuickRestartPerMille = 1000,
        InterveneEveryUs = 1_000_000,
    };

    /// <summary>Leadership moves all the time, among members that can't all keep up.</summary>
    public static CoreSimulationOptions HandOvers(CoreSimulationOptions options) => options with
    {
        Network = options.Network with { LostPerMille = 50, LatePerMille = 20 },
        InterveneEveryUs = 150_000,
        ProposeEveryUs = 10_000,
        ReadEveryUs = 50_000,
    };

    /// <summary>What arrives late meets logs that were compacted meanwhile, and what was doubled meets members that went on.</summary>
    public static CoreSimulationOptions LateAppends(CoreSimulationOptions options) => options with
    {
        Network = options.Network with { LatePerMille = 150, DoubledPerMille = 200 },
        CrashEveryUs = 3_000_000,
        SnapshotEveryEntries = 20,
        TrailingEntries = 0,
        ProposeEveryUs = 10_000,
    };

    /// <summary>Members that can't be trusted: older copies of disks, whose owners have acknowledged more, and nodes that must not lead, among disks of which some are slow.</summary>
    public static CoreSimulationOptions Distrusted(CoreSimulationOptions options) => options with
    {
        Nodes = Math.Max(options.Nodes, 3),
        SlowSyncPerMille = 50,
        ProposeEveryUs = 10_000,
        DistrustEveryUs = 3_000_000,
        LoseWritesPerMille = 20,
        Spares = 0,
        ReconfigureEveryUs = 0,
    };

    /// <summary>Leases, and a network in which what nobody waits for any longer still arrives; nothing else goes wrong unless it is asked for.</summary>
    private static CoreSimulationOptions LateMessages(CoreSimulationOptions options) => options with
    {
        Nodes = 3,
        Core = options.Core with
        {
            PreVote = false,
            CheckQuorum = true,
            HeartbeatTicks = 3,
            LeasePromiseMs = options.Core.ElectionTicksMin * options.Core.TickMs,
            AbstainTicks = options.Core.ElectionTicksMin + 2,
        },
        Network = options.Network with { LostPerMille = 50, LatePerMille = 150 },
        PartitionEveryUs = 0,
        CrashEveryUs = 0,
        PauseEveryUs = 0,
        SuspendEveryUs = 0,
        InterveneEveryUs = 0,
        ProposeEveryUs = 400_000,
        ReadEveryUs = 1_000_000,
    };
}
