using ReplicatedState.Storage.ZoneTree;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.PowerCuts;

/// <summary>The power is cut at one operation of the disk after the other, and each time the log that is found is compared with every state it may have.</summary>
public sealed class ZoneTreePowerCutTests
{
    private const string Directory = "/data/raft";
    private const int Steps = 60;

    // Small enough that a run goes through many journal files, segments and merges.
    private static readonly ZoneTreeLogStoreOptions Small = new()
    {
        SegmentBytes = 6 * 1024, FrozenBytesMax = 24 * 1024, JournalFileBytes = 10 * 1024, ZeroFillBytes = 4 * 1024, BlockBytes = 1024, MergeOnOwnThread = false,
    };

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 4).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_power_cut_at_any_operation_loses_nothing_that_was_acknowledged(ulong seed)
    {
        long operations = CountOperations(seed);
        var random = new SeededRandom(seed);
        for (long cutAt = 1; cutAt <= operations; cutAt += random.Between(1, 20))
            CutAt(seed, cutAt);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_is_the_same_each_time(ulong seed) => Assert.Equal(CountOperations(seed), CountOperations(seed));

    private static long CountOperations(ulong seed)
    {
        var disk = new SimulatedDisk(seed);
        using ZoneTreeLogStore store = ZoneTreeLogStore.Open(disk, Directory, Small);
        var workload = new LogWorkload(seed);
        workload.Run(store, Steps);
        workload.Verify(store);
        return disk.Operations;
    }

    private static void CutAt(ulong seed, long cutAt)
    {
        var disk = new SimulatedDisk(seed * 1_000_003 + (ulong)cutAt) { CutPowerAt = cutAt };
        var workload = new LogWorkload(seed);
        Live(disk, workload);
        Assert.True(disk.IsOff, "the run ended before the power cut");
        try
        {
            using (ZoneTreeLogStore recovered = Recover(disk, cutAt))
            {
                workload.Verify(recovered);
                workload.ContinueFrom(recovered);
                disk.CutPowerAt = disk.Operations + 1 + (cutAt % 97);
                LiveOn(recovered, workload);
            }

            if (!disk.IsOff)
                disk.CutPower();
            using ZoneTreeLogStore again = Recover(disk, cutAt + 1);
            workload.Verify(again);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"seed {seed}, cut at operation {cutAt} ({disk.LastOperation}): {error.Message}", error);
        }
    }

    private static void Live(SimulatedDisk disk, LogWorkload workload)
    {
        try
        {
            using ZoneTreeLogStore store = ZoneTreeLogStore.Open(disk, Directory, Small);
            workload.Run(store, Steps);
        }
        catch (StorageFailedException) when (disk.IsOff)
        {
        }
    }

    private static void LiveOn(ZoneTreeLogStore store, LogWorkload workload)
    {
        try
        {
            workload.Run(store, Steps / 4);
        }
        catch (StorageFailedException)
        {
            // The power went off again; the test goes on with what is left.
        }
    }

    /// <summary>Opens what the power cut left; every third time the power fails once more while the store recovers.</summary>
    private static ZoneTreeLogStore Recover(SimulatedDisk disk, long variation)
    {
        disk.PowerOn();
        if (variation % 3 == 0)
        {
            disk.CutPowerAt = disk.Operations + 1 + (variation % 23);
            try
            {
                ZoneTreeLogStore store = ZoneTreeLogStore.Open(disk, Directory, Small);
                disk.CutPowerAt = null;
                return store;
            }
            catch (StorageFailedException) when (disk.IsOff)
            {
                disk.PowerOn();
            }
        }

        return ZoneTreeLogStore.Open(disk, Directory, Small);
    }
}
