using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.PowerCuts;

/// <summary>The journal is cheap enough to be cut at every operation.</summary>
public sealed class JournalPowerCutTests
{
    private const string Directory = "/data/raft";
    private const int Steps = 100;

    // Small enough that a run goes through many segments, and that some batches are written in pieces.
    private static readonly JournalLogStoreOptions Small = new() { SegmentBytes = 4 * 1024, ZeroFillBytes = 2 * 1024, GatheredBytesMax = 1024 };

    private static readonly PowerCutSweep Sweep = new(disk => JournalLogStore.Open(disk, Directory, Small), Steps);

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 6).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_power_cut_at_any_operation_loses_nothing_that_was_acknowledged(ulong seed) => Assert.True(Sweep.Run(seed, strideMax: 1) > 350);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_is_the_same_each_time(ulong seed) => Assert.Equal(Sweep.CountOperations(seed), Sweep.CountOperations(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_failed_write_ends_the_store_and_a_restart_finds_what_was_acknowledged(ulong seed) =>
        FailEach(seed, disk => disk.Writes, (disk, at) => disk.FailWriteAt = at, disk => disk.FailWriteAt = null);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_failed_sync_ends_the_store_and_a_restart_finds_what_was_acknowledged(ulong seed) =>
        FailEach(seed, disk => disk.Syncs, (disk, at) => disk.FailSyncAt = at, disk => disk.FailSyncAt = null);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_full_disk_ends_the_store_and_a_restart_with_room_finds_what_was_acknowledged(ulong seed) =>
        FailEach(seed, disk => disk.Writes, (disk, at) => disk.FillUpAtWrite = at, disk => disk.CapacityBytes = long.MaxValue);

    /// <summary>Fails one operation after the other. Half of the failures are followed by a power cut, the others by the end of the process alone, which leaves the cache as it was.</summary>
    private static void FailEach(ulong seed, Func<SimulatedDisk, long> count, Action<SimulatedDisk, long> plant, Action<SimulatedDisk> repair)
    {
        var whole = new SimulatedDisk(seed);
        using (ILogStore store = JournalLogStore.Open(whole, Directory, Small))
            new LogWorkload(seed).Run(store, Steps);
        for (long at = 1; at <= count(whole); at += 3)
        {
            var disk = new SimulatedDisk(seed * 7_919 + (ulong)at);
            plant(disk, at);
            var workload = new LogWorkload(seed);
            LiveUntilFailure(disk, workload);
            repair(disk);
            try
            {
                VerifyTwice(disk, workload, cutsPower: at % 2 == 0);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}, failure {at}: {error.Message}", error);
            }
        }
    }

    private static void LiveUntilFailure(SimulatedDisk disk, LogWorkload workload)
    {
        JournalLogStore store;
        try
        {
            store = JournalLogStore.Open(disk, Directory, Small);
        }
        catch (StorageFailedException)
        {
            return;
        }

        try
        {
            workload.Run(store, Steps);
        }
        catch (StorageFailedException)
        {
            long operations = disk.Operations;
            Assert.Throws<StorageFailedException>(store.Sync);
            store.Dispose();
            Assert.Equal(operations, disk.Operations);
            return;
        }

        try
        {
            store.Dispose();
        }
        catch (StorageFailedException)
        {
            // The failure came with the last operations, those of closing; everything had been acknowledged.
        }
    }

    /// <summary>What is shown after the first restart is durable: a power cut right after it changes nothing.</summary>
    private static void VerifyTwice(SimulatedDisk disk, LogWorkload workload, bool cutsPower)
    {
        disk.KillProcess();
        if (cutsPower)
            CutPower(disk);
        using (JournalLogStore reopened = JournalLogStore.Open(disk, Directory, Small))
        {
            workload.Verify(reopened);
            workload.ContinueFrom(reopened);
        }

        CutPower(disk);
        using JournalLogStore again = JournalLogStore.Open(disk, Directory, Small);
        workload.Verify(again);
    }

    private static void CutPower(SimulatedDisk disk)
    {
        disk.CutPower();
        disk.PowerOn();
    }
}
