using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>Faults of disks, clocks and links happen in the simulation of nodes, are survived or noticed, and stores that handle them badly are found out.</summary>
public sealed class NodeFaultTests
{
    private static readonly NodeFaults Everything = NodeFaults.None
        .With(FaultKind.PowerCut, 2_500_000)
        .With(FaultKind.Partition, 3_000_000)
        .With(FaultKind.Pause, 3_000_000)
        .With(FaultKind.BrokenStream, 1_000_000)
        .With(FaultKind.ProcessKill, 4_000_000)
        .With(FaultKind.DiskFailure, 2_000_000)
        .With(FaultKind.SlowDisk, 5_000_000)
        .With(FaultKind.ShortSpace, 3_000_000, 32 * 1024)
        .With(FaultKind.WallClock, 3_000_000)
        .With(FaultKind.ClockDrift, 4_000)
        .With(FaultKind.FlappingLink, 5_000_000)
        .With(FaultKind.CorruptedFrame, 1_000);

    [Fact]
    public void Every_class_of_fault_happens_and_none_breaks_a_promise()
    {
        var counts = new FaultCounts();
        for (ulong seed = 1; seed <= 8; seed++)
        {
            SimulationResult result = NodeSimulation.Run(seed, options => With(options, seed));
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            counts.Add(result.Faults!);
        }

        for (ulong seed = 9; seed <= 24; seed++)
        {
            SimulationResult result = NodeSimulation.Run(seed, options => With(options, seed) with { Faults = Everything.With(FaultKind.Operators, 700_000, detail: 2) });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            counts.Add(result.Faults!);
        }

        // Damage for good and operators exclude these, which have tests of their own: NodeDistrustTests, NodeUpgradeTests.
        SimulatedFault[] elsewhere =
        [
            SimulatedFault.RestoredBackup, SimulatedFault.DivergedState, SimulatedFault.Standoff,
            SimulatedFault.BinaryUpgraded, SimulatedFault.BinaryRolledBack, SimulatedFault.VersionActivated, SimulatedFault.OldBinaryHalted,
        ];
        Assert.All(Enum.GetValues<SimulatedFault>().Except(elsewhere), fault => Assert.True(counts[fault] > 0, $"{fault} never happened: {counts}"));
    }

    [Fact]
    public void Files_that_keep_a_failed_sync_to_themselves_are_found_out() =>
        Assert.Contains("P10", FirstFind((disk, path) => JournalLogStore.Open(new DeafDisk(disk), path)), StringComparison.Ordinal);

    [Fact]
    public void A_store_that_says_it_has_synced_and_has_not_is_found_out() =>
        Assert.Contains("I11", FirstFind((disk, path) => new NeverSyncs(JournalLogStore.Open(disk, path))), StringComparison.Ordinal);

    private static NodeSimulationOptions With(NodeSimulationOptions options, ulong seed) => options with
    {
        Nodes = seed % 4 == 0 ? 5 : 3,
        UsesJournal = true,
        Faults = Everything.With(FaultKind.DiskDamage, 15_000_000, detail: seed % 2 == 0 ? 1 : 0),
    };

    private static string FirstFind(Func<IDisk, string, ILogStore> open)
    {
        const ulong SeedsMax = 20;
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            if (NodeSimulation.Run(seed, options => With(options, seed) with { OpenLogStore = open }).Violation is { } violation)
                return violation;
        }

        throw new Xunit.Sdk.XunitException($"Not found within {SeedsMax} seeds.");
    }

    private sealed class NeverSyncs(ILogStore store) : ILogStore
    {
        public IReadOnlyList<GroupId> Groups => store.Groups;

        public StoredGroup Load(GroupId group) => store.Load(group);

        public void Write(GroupId group, Persist operation) => store.Write(group, operation);

        public void Sync()
        {
            // the bug
        }

        public void Compact(GroupId group, LogPosition newBase) => store.Compact(group, newBase);

        public void SetSnapshot(GroupId group, SnapshotMeta snapshot) => store.SetSnapshot(group, snapshot);

        public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax) => store.Read(group, from, into, bytesMax);

        public ulong TermAt(GroupId group, ulong index) => store.TermAt(group, index);

        public bool Maintain() => store.Maintain();

        public void Dispose() => store.Dispose();
    }
}
