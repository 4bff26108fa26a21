using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

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

    [Fact]
    public void A_power_cut_while_segments_are_dropped_and_one_after_the_next_start_lose_nothing()
    {
        // One segment's worth of lengths, so that the last segment is now just begun and now about to end.
        for (ulong entries = 40; entries < 65; entries++)
        {
            for (int cutAfter = 1; cutAfter <= 12; cutAfter++)
            {
                var disk = new SimulatedDisk((entries * 100) + (ulong)cutAfter);
                DropSegments(disk, entries, cutAfter);
                for (int start = 0; start < 3; start++)
                {
                    if (!disk.IsOff)
                        disk.CutPower();
                    disk.PowerOn();
                    using JournalLogStore store = JournalLogStore.Open(disk, Directory, Small);
                    Assert.Equal(entries, store.Load(new GroupId(1)).LastIndex);
                }
            }
        }
    }

    private static void DropSegments(SimulatedDisk disk, ulong entries, int cutAfter)
    {
        var group = new GroupId(1);
        JournalLogStore store = JournalLogStore.Open(disk, Directory, Small);
        store.Write(group, HardState(1, 0, 0));
        for (ulong index = 1; index <= entries; index++)
        {
            store.Write(group, Append(Entry(index, 1, new string('x', 100))));
            store.Sync();
        }

        store.SetSnapshot(group, Snapshot(entries, 1));
        store.Compact(group, new LogPosition(entries, 1));
        store.Sync();
        disk.CutPowerAt = disk.Operations + 1 + cutAfter;
        try
        {
            while (store.Maintain())
            {
            }
        }
        catch (StorageFailedException) when (disk.IsOff)
        {
        }
    }

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
