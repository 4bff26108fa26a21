using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.Tests.PowerCuts;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.Faults;

/// <summary>Damage before the end of what was synced is refused with file, offset and way out; it never makes the log another one (persistence rule P11).</summary>
public sealed class JournalDamageTests
{
    private const string Directory = "/data/raft";
    private static readonly GroupId Group = new(3);
    private static readonly JournalLogStoreOptions Options = new() { SegmentBytes = 4 * 1024, ZeroFillBytes = 2 * 1024 };
    private readonly SimulatedDisk _disk = new(21);

    [Fact]
    public void A_flipped_bit_anywhere_is_refused_or_changes_nothing()
    {
        var workload = new LogWorkload(5);
        using (JournalLogStore store = Open())
            workload.Run(store, 30);
        int refused = 0;
        foreach (string name in _disk.ListFiles(Directory))
        {
            string path = $"{Directory}/{name}";
            for (long offset = 0; offset < LengthOf(path); offset += 3)
            {
                int bit = (int)(offset % 8);
                _disk.FlipBit(path, offset, bit);
                refused += RefusesOrShowsAll(workload) ? 1 : 0;
                _disk.FlipBit(path, offset, bit);
            }
        }

        Assert.True(refused > 1_000, $"{refused} of the bits mattered");
    }

    [Fact]
    public void A_refusal_names_file_and_offset_and_the_way_out()
    {
        Fill(10);
        string newest = FileNames()[^1];
        _disk.FlipBit(newest, offset: 500, bit: 3);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => Open());
        Assert.Matches($"{newest} at offset [0-9]+:", refusal.Message);
        Assert.Contains("join again as a new member", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_went_to_another_place_is_refused()
    {
        Fill(12);
        byte[] bytes = Contents(FileNames()[^1]);
        using (IStorageFile file = _disk.Open(FileNames()[^1], FileOpenMode.Existing))
        {
            // Sector by sector where another one belongs: each is whole, and none is believed.
            file.Write(512, bytes.AsSpan(1024, 512));
            file.SyncData();
        }

        Assert.Throws<StorageFailedException>(() => Open());
    }

    [Fact]
    public void A_segment_restored_from_a_backup_is_refused()
    {
        byte[] backup;
        string path;
        using (JournalLogStore store = Open())
        {
            Append(store, 1, 6);
            path = FileNames()[^1];
            backup = Contents(path);
            Append(store, 7, 12);
        }

        using (JournalLogStore store = Open())
            Append(store, 13, 13);
        using (IStorageFile file = _disk.Open(path, FileOpenMode.Existing))
        {
            file.SetLength(backup.Length);
            file.Write(0, backup);
            file.SyncData();
        }

        Assert.Throws<StorageFailedException>(() => Open());
    }

    [Fact]
    public void A_missing_segment_is_refused()
    {
        Fill(200);
        Assert.True(FileNames().Count > 3);
        _disk.Delete(FileNames()[1]);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => Open());
        Assert.Contains("is missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_of_the_last_batch_before_a_crash_can_not_be_told_from_a_torn_end_and_after_maintenance_it_can()
    {
        JournalLogStore store = Open();
        Append(store, 1, 2);
        string newest = FileNames()[^1];
        long end = Contents(newest).AsSpan().LastIndexOfAnyExcept((byte)0);
        _disk.KillProcess();
        _disk.FlipBit(newest, end - 10, bit: 1);
        using (JournalLogStore torn = Open())
            Assert.Equal(1UL, torn.Load(Group).LastIndex);

        var disk = new SimulatedDisk(22);
        store = JournalLogStore.Open(disk, Directory, Options);
        Append(store, 1, 2);
        Assert.True(store.Maintain());
        disk.KillProcess();
        disk.FlipBit($"{Directory}/{disk.ListFiles(Directory)[^1]}", end - 10, bit: 1);
        Assert.Throws<StorageFailedException>(() => JournalLogStore.Open(disk, Directory, Options));
    }

    [Fact]
    public void A_damaged_entry_is_not_handed_to_a_reader()
    {
        using JournalLogStore store = Open();
        Append(store, 1, 3);
        byte[] bytes = Contents(FileNames()[^1]);
        _disk.FlipBit(FileNames()[^1], bytes.AsSpan().IndexOf("entry 2 "u8), bit: 0);
        LogReadException error = Assert.Throws<LogReadException>(() => store.Read(Group, 1, new Entry[3], long.MaxValue));
        Assert.Contains("Entry 2 of group 3 is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_something_else_wrote_is_refused()
    {
        _disk.CreateDirectory(Directory);
        _disk.Open($"{Directory}/FORMAT", FileOpenMode.New).Dispose();
        Assert.Contains("was not written by this store", Assert.Throws<StorageFailedException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_ends_in_a_term_its_hard_state_does_not_know_is_refused()
    {
        using (JournalLogStore store = Open())
        {
            store.Write(Group, Log.Operations.Append(Entry(1, 5)).With(new HardState(4, default, 0)));
            store.Sync();
        }

        Assert.Contains("the hard state says term 4", Assert.Throws<StorageFailedException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_writes_little_does_not_hold_what_the_others_wrote()
    {
        var quiet = new GroupId(0);
        using JournalLogStore store = Open();
        store.Write(quiet, Log.Operations.Append(Entry(1, 1, "kept")).With(new HardState(1, default, 0)));
        for (ulong index = 1; index < 1_000; index += 10)
        {
            Append(store, index, index + 9);
            store.SetSnapshot(Group, Snapshot(index + 5, 1));
            store.Compact(Group, new LogPosition(index + 5, 1));
            store.Sync();
            while (store.Maintain())
            {
            }
        }

        Assert.InRange(FileNames().Count, 1, 4);
        store.Dispose();
        using JournalLogStore reopened = Open();
        var entry = new Entry[1];
        Assert.Equal(1, reopened.Read(quiet, 1, entry, long.MaxValue));
        Assert.Equal("kept", entry[0].Text());
    }

    private JournalLogStore Open() => JournalLogStore.Open(_disk, Directory, Options);

    private bool RefusesOrShowsAll(LogWorkload workload)
    {
        SimulatedDisk copy = _disk.Copy(seed: 1);
        JournalLogStore store;
        try
        {
            store = JournalLogStore.Open(copy, Directory, Options);
        }
        catch (StorageFailedException)
        {
            return true;
        }

        using (store)
            workload.Verify(store);
        return false;
    }

    private void Fill(ulong entries)
    {
        using JournalLogStore store = Open();
        Append(store, 1, entries);
    }

    private static void Append(JournalLogStore store, ulong first, ulong last)
    {
        store.Write(Group, HardState(1, 0, 0));
        for (ulong index = first; index <= last; index++)
        {
            store.Write(Group, Log.Operations.Append(Entry(index, 1, $"entry {index} {new string('x', 60)}")));
            store.Sync();
        }
    }

    private List<string> FileNames() => [.. _disk.ListFiles(Directory).Select(name => $"{Directory}/{name}")];

    private long LengthOf(string path)
    {
        using IStorageFile file = _disk.Open(path, FileOpenMode.Existing);
        return file.Length;
    }

    private byte[] Contents(string path)
    {
        using IStorageFile file = _disk.Open(path, FileOpenMode.Existing);
        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
