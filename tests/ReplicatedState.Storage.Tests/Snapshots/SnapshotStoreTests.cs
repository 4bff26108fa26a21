using System.Buffers;
using System.Collections.Immutable;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.Snapshots;

public sealed class SnapshotStoreTests
{
    private const string SnapshotPath = "/data/snap";
    private static readonly GroupId Group = new(2);
    private readonly SimulatedDisk _disk = new(41);

    private SnapshotStore Store => new(_disk, SnapshotPath);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData(700_000)]
    public void Content_and_header_come_back(int contentBytes)
    {
        byte[] content = Bytes(contentBytes);
        StoredSnapshot written = Write(_disk, index: 10, content);
        StoredSnapshot? found = Store.FindNewest(Group);
        Assert.NotNull(found);
        Assert.Equal(written.Header, found.Header);
        Assert.Equal(written.Sha256.AsSpan(), found.Sha256.AsSpan());
        Assert.Equal(written.SizeBytes, found.SizeBytes);
        Assert.Equal(content, Content(Store, found));
    }

    [Fact]
    public void Content_may_be_written_in_pieces_larger_than_a_chunk()
    {
        byte[] content = Bytes(1_500_000);
        using (SnapshotWriter writer = Store.Create(HeaderAt(10)))
        {
            content.AsSpan(0, 10).CopyTo(writer.GetSpan(10));
            writer.Advance(10);
            content.AsSpan(10).CopyTo(writer.GetSpan(content.Length - 10));
            writer.Advance(content.Length - 10);
            Assert.Equal(content.Length, writer.ContentBytes);
            writer.Complete();
        }

        Assert.Equal(content, Content(Store, Store.FindNewest(Group)!));
    }

    [Fact]
    public void The_newest_is_found_and_older_ones_can_go()
    {
        Write(_disk, index: 9, Bytes(10));
        Write(_disk, index: 100, Bytes(20));
        Write(_disk, index: 20, Bytes(30));
        Assert.Equal(100UL, Store.FindNewest(Group)!.Header.Meta.Index);
        Assert.Equal(9UL, Store.Find(Group, new LogPosition(9, 1))!.Header.Meta.Index);
        Store.DeleteOlder(Group, new LogPosition(100, 1));
        Assert.Null(Store.Find(Group, new LogPosition(9, 1)));
        Assert.Equal(["1-100.snap"], _disk.ListFiles($"{SnapshotPath}/2"));
    }

    [Fact]
    public void An_abandoned_snapshot_leaves_nothing()
    {
        using (SnapshotWriter writer = Store.Create(HeaderAt(5)))
            writer.Write(Bytes(1000));
        Assert.Empty(_disk.ListFiles($"{SnapshotPath}/2"));
    }

    [Fact]
    public void Every_damaged_byte_is_found()
    {
        StoredSnapshot snapshot = Write(_disk, index: 10, Bytes(3000));
        for (long offset = 0; offset < snapshot.SizeBytes; offset++)
        {
            _disk.FlipBit(snapshot.Path, offset, (int)(offset % 8));
            InvalidSnapshotException? told = null;
            Assert.Null(Store.FindNewest(Group, damaged => told = damaged));
            Assert.Contains(snapshot.Path, told!.Message, StringComparison.Ordinal);
            _disk.FlipBit(snapshot.Path, offset, (int)(offset % 8));
        }

        Assert.NotNull(Store.FindNewest(Group));
    }

    [Fact]
    public void An_older_snapshot_serves_where_the_newest_is_damaged()
    {
        Write(_disk, index: 10, Bytes(100));
        StoredSnapshot newest = Write(_disk, index: 20, Bytes(100));
        _disk.FlipBit(newest.Path, newest.SizeBytes - 1, 0);
        int damaged = 0;
        Assert.Equal(10UL, Store.FindNewest(Group, _ => damaged++)!.Header.Meta.Index);
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void A_file_under_a_wrong_name_is_refused()
    {
        StoredSnapshot snapshot = Write(_disk, index: 10, Bytes(100));
        _disk.Rename(snapshot.Path, $"{SnapshotPath}/2/1-11.snap");
        Assert.Throws<InvalidSnapshotException>(() => Store.Find(Group, new LogPosition(11, 1)));
    }

    [Fact]
    public void A_power_cut_at_any_operation_leaves_the_old_snapshot_and_perhaps_the_new_one_whole()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            for (long cut = 1; CutWhileReplacing(seed, cut); cut++)
            {
            }
        }
    }

    [Fact]
    public void A_transfer_resumes_where_it_stopped()
    {
        (StoredSnapshot offered, byte[] file) = Offer();
        using (SnapshotReceiver receiver = Receive(offered))
        {
            Assert.True(receiver.Append(0, file.AsSpan(0, 1000)));
            Assert.False(receiver.Append(0, file.AsSpan(0, 1000)));
            Assert.False(receiver.Append(5000, file.AsSpan(5000, 10)));
        }

        using (SnapshotReceiver receiver = Receive(offered))
        {
            Assert.Equal(1000, receiver.ReceivedBytes);
            Assert.Throws<InvalidSnapshotException>(receiver.Complete);
            Assert.True(receiver.Append(1000, file.AsSpan(1000)));
            StoredSnapshot received = receiver.Complete();
            Assert.Equal(offered.Header, received.Header);
        }

        Assert.Equal(Bytes(50_000), Content(Store, Store.FindNewest(Group)!));
    }

    [Fact]
    public void A_transfer_of_another_snapshot_begins_from_the_start()
    {
        (StoredSnapshot offered, byte[] file) = Offer();
        using (SnapshotReceiver receiver = Receive(offered))
            receiver.Append(0, file.AsSpan(0, 1000));
        using SnapshotReceiver other = Store.Receive(Group, new LogPosition(31, 1), offered.SizeBytes, offered.Sha256);
        Assert.Equal(0, other.ReceivedBytes);
        Assert.Single(_disk.ListFiles($"{SnapshotPath}/2"));
    }

    [Fact]
    public void What_arrives_damaged_or_isnt_what_was_announced_is_not_kept()
    {
        (StoredSnapshot offered, byte[] file) = Offer();
        file[3000] ^= 1;
        using (SnapshotReceiver receiver = Receive(offered))
        {
            receiver.Append(0, file);
            Assert.Throws<InvalidSnapshotException>(receiver.Complete);
        }

        file[3000] ^= 1;
        using (SnapshotReceiver receiver = Store.Receive(Group, new LogPosition(31, 1), offered.SizeBytes, offered.Sha256))
        {
            receiver.Append(0, file);
            Assert.Throws<InvalidSnapshotException>(receiver.Complete);
        }

        using (SnapshotReceiver receiver = Receive(offered))
            Assert.Throws<InvalidSnapshotException>(() => receiver.Append(0, [.. file, 1]));
        Assert.Null(Store.FindNewest(Group));
        Assert.All(_disk.ListFiles($"{SnapshotPath}/2"), name => Assert.EndsWith(".part", name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_being_sent_stays_readable_when_it_is_deleted()
    {
        StoredSnapshot old = Write(_disk, index: 10, Bytes(5000));
        using IStorageFile sending = Store.OpenFile(old);
        Write(_disk, index: 20, Bytes(10));
        Store.DeleteOlder(Group, new LogPosition(20, 1));
        byte[] file = new byte[old.SizeBytes];
        Assert.Equal(file.Length, sending.Read(0, file));
    }

    private static byte[] Content(SnapshotStore store, StoredSnapshot snapshot)
    {
        using SnapshotContent content = store.OpenContent(snapshot);
        return content.Bytes.ToArray();
    }

    /// <summary>Cuts the power at an operation of writing a second snapshot and deleting the first; false where all of it was done before.</summary>
    [Fact]
    public void A_snapshot_whose_directory_could_not_be_synced_is_gone_at_the_next_start_though_the_cache_shows_it()
    {
        Write(_disk, index: 10, Bytes(2000));
        bool wasShown = false;
        for (int sync = 1; sync <= 2; sync++)
        {
            _disk.FailSyncAt = _disk.Syncs + sync;
            Assert.Throws<StorageFailedException>(() => Write(_disk, index: 20, Bytes(3000)));
            wasShown |= Store.Find(Group, new LogPosition(20, 1)) is not null;
            Store.RemoveUnfinished(Group, known: new LogPosition(10, 1));
            Assert.Equal(10UL, Store.FindNewest(Group)!.Header.Meta.Index);
        }

        Assert.True(wasShown, "the rename was in the cache");
    }

    private static bool CutWhileReplacing(ulong seed, long cut)
    {
        var disk = new SimulatedDisk((seed * 1000) + (ulong)cut);
        var store = new SnapshotStore(disk, SnapshotPath);
        Write(disk, index: 10, Bytes(2000));
        disk.CutPowerAt = disk.Operations + cut;
        bool acknowledged = false, finished = false;
        try
        {
            Write(disk, index: 20, Bytes(300_000));
            acknowledged = true;
            store.DeleteOlder(Group, new LogPosition(20, 1));
            finished = true;
            disk.CutPower();
        }
        catch (StorageFailedException) when (disk.IsOff)
        {
        }

        disk.PowerOn();
        store.RemoveUnfinished(Group, new LogPosition(acknowledged ? 20UL : 10UL, 1));
        StoredSnapshot? newest = store.FindNewest(Group, damaged => Assert.Fail($"seed {seed}, cut {cut}: {damaged.Message}"));
        Assert.NotNull(newest);
        Assert.True(newest.Header.Meta.Index == 20 || !acknowledged, $"seed {seed}, cut {cut}: an acknowledged snapshot is gone");
        Assert.Equal(newest.Header.Meta.Index == 20 ? Bytes(300_000) : Bytes(2000), Content(store, newest));
        Assert.DoesNotContain(disk.ListFiles($"{SnapshotPath}/2"), name => name.EndsWith(".new", StringComparison.Ordinal));
        return !finished;
    }

    /// <summary>A snapshot on another node, and its file's bytes.</summary>
    private static (StoredSnapshot Snapshot, byte[] File) Offer()
    {
        var disk = new SimulatedDisk(42);
        StoredSnapshot snapshot = Write(disk, index: 30, Bytes(50_000));
        byte[] bytes = new byte[snapshot.SizeBytes];
        using IStorageFile file = new SnapshotStore(disk, SnapshotPath).OpenFile(snapshot);
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return (snapshot, bytes);
    }

    private SnapshotReceiver Receive(StoredSnapshot offered) => Store.Receive(Group, offered.Header.Meta.Position, offered.SizeBytes, offered.Sha256);

    private static StoredSnapshot Write(SimulatedDisk disk, ulong index, byte[] content)
    {
        using SnapshotWriter writer = new SnapshotStore(disk, SnapshotPath).Create(HeaderAt(index));
        writer.Write(content);
        return writer.Complete();
    }

    private static SnapshotHeader HeaderAt(ulong index) => new(
        new Guid("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), Group,
        Snapshot(index, 1) with { Configuration = new Configuration([new RaftId(1), new RaftId(2)], [new RaftId(3)], [new RaftId(4)], AutoLeave: true) { LearnersNext = [new RaftId(3)], AutoPromote = [new RaftId(4)] } },
        "bank", 3);

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new SeededRandom((ulong)count).Fill(bytes);
        return bytes;
    }
}
