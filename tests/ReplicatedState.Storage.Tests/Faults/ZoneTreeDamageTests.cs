using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.ZoneTree;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.Faults;

/// <summary>What a store finds at its start is believed only if it fits together. A refusal says what is wrong and the way out.</summary>
public sealed class ZoneTreeDamageTests
{
    private const string Directory = "/data/raft";
    private static readonly GroupId Group = new(3);
    private static readonly ZoneTreeLogStoreOptions Options = new() { ZeroFillBytes = 8192, BlockBytes = 1024, MergeOnOwnThread = false };
    private readonly SimulatedDisk _disk = new(21);

    [Fact]
    public void A_damaged_byte_within_what_was_synced_is_refused_with_a_way_out()
    {
        Fill(60);
        _disk.FlipBit(JournalFile(), offset: 700, bit: 3);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => ZoneTreeLogStore.Open(_disk, Directory, Options));
        Assert.Contains($"{JournalFile()} at offset ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("join again as a new member", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_in_a_merged_segment_is_refused()
    {
        using (ZoneTreeLogStore store = ZoneTreeLogStore.Open(_disk, Directory, Options with { SegmentBytes = 4096, FrozenBytesMax = 4096 }))
        {
            Fill(store, 60);
            Assert.True(store.Maintain());
        }

        string segment = _disk.ListFiles(Directory).First(name => name.EndsWith(".data.z", StringComparison.Ordinal));
        _disk.FlipBit($"{Directory}/{segment}", offset: 900, bit: 1);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => ZoneTreeLogStore.Open(_disk, Directory, Options));
        Assert.Contains("group 3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_something_else_wrote_is_refused()
    {
        _disk.CreateDirectory(Directory);
        _disk.Open($"{Directory}/data.mdb", FileOpenMode.New).Dispose();
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => ZoneTreeLogStore.Open(_disk, Directory, Options));
        Assert.Contains("was not written by this store", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_mode_of_the_journal_is_refused()
    {
        const int modeOffset = 12;
        Fill(3);
        _disk.FlipBit($"{Directory}/seg/shared/manifest", modeOffset, bit: 0);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => ZoneTreeLogStore.Open(_disk, Directory, Options));
        Assert.Contains("manifest", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_ends_in_a_term_its_hard_state_does_not_know_is_refused()
    {
        using (ZoneTreeLogStore store = ZoneTreeLogStore.Open(_disk, Directory, Options))
        {
            store.Write(Group, Append(Entry(1, 5)).With(new HardState(4, default, 0)));
            store.Sync();
        }

        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => ZoneTreeLogStore.Open(_disk, Directory, Options));
        Assert.Contains("the log ends in term 5, and the hard state says term 4", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_whose_terms_fall_is_refused()
    {
        using (ZoneTreeLogStore store = ZoneTreeLogStore.Open(_disk, Directory, Options))
        {
            store.Write(Group, Append(Entry(1, 5), Entry(2, 3)).With(new HardState(5, default, 0)));
            store.Sync();
        }

        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => ZoneTreeLogStore.Open(_disk, Directory, Options));
        Assert.Contains("entry 2 is of term 3, after one of term 5", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_compaction_gave_up_leaves_the_disk_when_the_store_is_maintained()
    {
        using ZoneTreeLogStore store = ZoneTreeLogStore.Open(_disk, Directory, Options with { SegmentBytes = 16 * 1024, JournalFileBytes = 32 * 1024 });
        store.Write(Group, HardState(1, 0, 0));
        for (ulong index = 1; index <= 1000; index++)
            store.Write(Group, Append(Entry(index, 1, new string('x', 500))));
        store.Sync();
        long full = BytesOnDisk();
        store.SetSnapshot(Group, Snapshot(1000, 1));
        store.Compact(Group, new LogPosition(990, 1));
        store.Sync();
        while (store.Maintain())
        {
        }

        Assert.InRange(BytesOnDisk(), 1, full / 4);
        Assert.Equal(10, store.Read(Group, 991, new Entry[20], long.MaxValue));
        Assert.Equal(1UL, store.TermAt(Group, 990));
    }

    [Fact]
    public void What_was_written_and_not_synced_survives_the_end_of_the_process()
    {
        ZoneTreeLogStore store = ZoneTreeLogStore.Open(_disk, Directory, Options);
        Fill(store, 50);
        store.Write(Group, Append(Entry(51, 1, "only in the mapped tail")));
        _disk.KillProcess();

        using ZoneTreeLogStore reopened = ZoneTreeLogStore.Open(_disk, Directory, Options);
        Assert.Equal(51UL, reopened.Load(Group).LastIndex);
    }

    [Fact]
    public void What_a_start_has_shown_survives_a_power_cut_right_after_it()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var disk = new SimulatedDisk(seed);
            ZoneTreeLogStore store = ZoneTreeLogStore.Open(disk, Directory, Options);
            Fill(store, 5);
            store.Write(Group, Append(Entry(6, 1, "never synced by the process that wrote it")));
            disk.KillProcess();
            ZoneTreeLogStore reopened = ZoneTreeLogStore.Open(disk, Directory, Options);
            Assert.Equal(6UL, reopened.Load(Group).LastIndex);
            disk.CutPower();
            disk.PowerOn();
            using ZoneTreeLogStore again = ZoneTreeLogStore.Open(disk, Directory, Options);
            Assert.Equal(6UL, again.Load(Group).LastIndex);
        }
    }

    [Fact]
    public void The_files_made_ready_for_the_journal_are_those_that_ZoneTree_makes_itself()
    {
        using var directory = new TemporaryDirectory();
        using (var tree = new global::ZoneTree.ZoneTreeFactory<long, byte[]>().SetDataDirectory(directory).ConfigureWriteAheadLogOptions(options =>
        {
            options.WriteAheadLogMode = global::ZoneTree.Options.WriteAheadLogMode.Shared;
            options.CompressionMethod = global::ZoneTree.Options.CompressionMethod.None;
            options.CompressionLevel = 0;
            options.CompressionBlockSize = 1024;
        }).OpenOrCreate())
        {
            tree.Upsert(1, [1, 2, 3]);
        }

        Fill(1);
        IDisk real = LocalDisk.ForThisSystem();
        string shared = Path.Combine(directory, "seg", "shared");
        string file = real.ListFiles(shared).Single(name => name.EndsWith(".wal", StringComparison.Ordinal));
        Assert.Equal(ReadAll(real, Path.Combine(shared, file))[0], ReadAll(_disk, JournalFile())[0]);
        byte[] theirs = ReadAll(real, Path.Combine(shared, file + ".tail"));
        byte[] ours = ReadAll(_disk, JournalFile() + ".tail");
        Assert.Equal(theirs.Length, ours.Length);
        Assert.Equal(theirs[^16..], ours[^16..]);
    }

    private void Fill(int entries)
    {
        using ZoneTreeLogStore store = ZoneTreeLogStore.Open(_disk, Directory, Options);
        Fill(store, entries);
    }

    private static void Fill(ZoneTreeLogStore store, int entries)
    {
        store.Write(Group, HardState(1, 0, 0));
        for (int i = 1; i <= entries; i++)
        {
            store.Write(Group, Append(Entry((ulong)i, 1, $"entry {i} {new string('x', 50)}")));
            store.Sync();
        }
    }

    private string JournalFile() => $"{Directory}/seg/shared/{_disk.ListFiles($"{Directory}/seg/shared").First(name => name.EndsWith(".wal", StringComparison.Ordinal))}";

    private long BytesOnDisk()
    {
        string[] directories = [Directory, $"{Directory}/seg/shared"];
        return directories.Sum(directory => _disk.ListFiles(directory).Sum(name => (long)ReadAll(_disk, $"{directory}/{name}").Length));
    }

    private static byte[] ReadAll(IDisk disk, string path)
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        byte[] bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }
}
