using ReplicatedState.Consensus;
using ReplicatedState.Storage.ZoneTree;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.Faults;

/// <summary>A failed write or sync ends the store: what is on the disk is unknown, and a second sync would claim success without the data (persistence rule P10).</summary>
public sealed class ZoneTreeFailureTests : IDisposable
{
    private const string Directory = "/data/raft";
    private static readonly GroupId Group = new(3);
    private readonly SimulatedDisk _disk = new(11);
    private readonly ZoneTreeLogStore _store;

    public ZoneTreeFailureTests()
    {
        _store = ZoneTreeLogStore.Open(_disk, Directory, new ZoneTreeLogStoreOptions { SegmentBytes = 4096, ZeroFillBytes = 8192, BlockBytes = 1024, MergeOnOwnThread = false });
        _store.Write(Group, Append(Entry(1, 1, "acknowledged")).With(new HardState(1, default, 0)));
        _store.Sync();
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_failed_sync_is_thrown_and_names_the_file()
    {
        _disk.FailSyncAt = _disk.Syncs + 1;
        _store.Write(Group, Append(Entry(2, 1, "lost")));
        StorageFailedException error = Assert.Throws<StorageFailedException>(_store.Sync);
        Assert.Contains("/data/raft/seg/shared/", error.Message, StringComparison.Ordinal);
        Assert.Contains("errno 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_failed_sync_every_call_throws_and_nothing_reaches_the_disk()
    {
        FailNextSync();
        long operations = _disk.Operations;

        Assert.Throws<StorageFailedException>(() => _store.Write(Group, Append(Entry(3, 1))));
        Assert.Throws<StorageFailedException>(_store.Sync);
        Assert.Throws<StorageFailedException>(() => _store.Load(Group));
        Assert.Throws<StorageFailedException>(() => _store.Read(Group, 1, new Entry[1], 100));
        Assert.Throws<StorageFailedException>(() => _store.TermAt(Group, 1));
        Assert.Throws<StorageFailedException>(() => _store.SetSnapshot(Group, Snapshot(1, 1)));
        Assert.Throws<StorageFailedException>(() => _store.Compact(Group, new LogPosition(1, 1)));
        Assert.Throws<StorageFailedException>(() => _store.Maintain());
        _store.Dispose();

        Assert.Equal(operations, _disk.Operations);
    }

    [Fact]
    public void A_failed_write_ends_the_store_too()
    {
        _disk.FailWriteAt = _disk.Writes + 1;
        Assert.Throws<StorageFailedException>(() =>
        {
            _store.Write(Group, Append(Entry(2, 1, "lost")));
            _store.Sync();
        });
        Assert.Throws<StorageFailedException>(_store.Sync);
    }

    [Fact]
    public void A_restart_after_a_failed_sync_finds_what_was_acknowledged()
    {
        FailNextSync();
        _store.Dispose();
        _disk.KillProcess();
        using ZoneTreeLogStore reopened = ZoneTreeLogStore.Open(_disk, Directory);
        var entry = new Entry[1];
        Assert.Equal(1, reopened.Read(Group, 1, entry, long.MaxValue));
        Assert.Equal("acknowledged", entry[0].Text());
    }

    [Fact]
    public void A_failure_on_a_thread_of_ZoneTrees_own_ends_the_store()
    {
        // The metadata of the next segment is written on a pool thread, which only logs what goes wrong.
        for (ulong index = 2; index < 40; index++)
            _store.Write(Group, Append(Entry(index, 1, new string('x', 200))));
        _store.Sync();
        _store.Maintain();
        for (ulong index = 40; index < 80; index++)
            _store.Write(Group, Append(Entry(index, 1, new string('x', 200))));
        _store.Sync();
        _disk.FailSyncAt = _disk.Syncs + 1;
        Assert.Throws<StorageFailedException>(() => _store.Maintain());
        Assert.Throws<StorageFailedException>(_store.Sync);
    }

    [Fact]
    public void A_full_disk_stops_the_store_and_a_restart_with_room_goes_on()
    {
        var disk = new SimulatedDisk(12, new SimulatedDiskOptions { CapacityBytes = 64 * 1024 });
        var options = new ZoneTreeLogStoreOptions { ZeroFillBytes = 8192, BlockBytes = 1024, JournalFileBytes = 16 * 1024 };
        ulong acknowledged = 0;
        using (ZoneTreeLogStore store = ZoneTreeLogStore.Open(disk, Directory, options))
        {
            store.Write(Group, HardState(1, 0, 0));
            StorageFailedException error = Assert.Throws<StorageFailedException>(() =>
            {
                for (ulong index = 1; index < 10_000; index++)
                {
                    store.Write(Group, Append(Entry(index, 1, new string('x', 100))));
                    store.Sync();
                    acknowledged = index;
                }
            });
            Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        }

        disk.CapacityBytes = 128 * 1024;
        using ZoneTreeLogStore reopened = ZoneTreeLogStore.Open(disk, Directory, options);
        Assert.InRange(reopened.Load(Group).LastIndex, acknowledged, acknowledged + 1);
        reopened.Write(Group, Append(Entry(reopened.Load(Group).LastIndex + 1, 1, "after")));
        reopened.Sync();
    }

    private void FailNextSync()
    {
        _disk.FailSyncAt = _disk.Syncs + 1;
        _store.Write(Group, Append(Entry(2, 1, "lost")));
        Assert.Throws<StorageFailedException>(_store.Sync);
    }
}
