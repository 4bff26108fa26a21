using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.Disk;

/// <summary>The simulated disk must be able to do what the tests rely on it to do.</summary>
public sealed class SimulatedDiskTests
{
    [Fact]
    public void What_was_synced_survives_every_power_cut()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            SimulatedDisk disk = WithSyncedFile(seed);
            Overwrite(disk, "/file", at: 3, length: 5000);
            disk.CutPower();
            disk.PowerOn();
            Assert.Equal([1, 2, 3], Content(disk)[..3]);
        }
    }

    [Fact]
    public void What_was_not_synced_is_lost_kept_or_torn()
    {
        var kept = new HashSet<string>();
        for (ulong seed = 1; seed <= 200; seed++)
        {
            SimulatedDisk disk = WithSyncedFile(seed, flips: false);
            Overwrite(disk, "/file", at: 512, length: 1536);
            disk.CutPower();
            disk.PowerOn();
            byte[] content = Content(disk);
            kept.Add(string.Concat(Enumerable.Range(1, 3).Select(sector => content.Length <= sector * 512 ? '-' : content[sector * 512] == 9 ? 'K' : 'L')));
        }

        Assert.Contains("KKK", kept);
        Assert.Contains("---", kept);
        // Written first, lost although what was written after it is there: sectors have no order.
        Assert.Contains("LKK", kept);
        Assert.Contains("KLK", kept);
    }

    [Fact]
    public void A_name_is_lost_or_kept_until_its_directory_is_synced()
    {
        var outcomes = new HashSet<(bool Created, bool Deleted, bool Renamed)>();
        for (ulong seed = 1; seed <= 200; seed++)
        {
            SimulatedDisk disk = WithSyncedFile(seed);
            disk.Open("/deleted", FileOpenMode.New).Dispose();
            disk.Open("/from", FileOpenMode.New).Dispose();
            disk.SyncDirectory("/");
            disk.Open("/created", FileOpenMode.New).Dispose();
            disk.Delete("/deleted");
            disk.Rename("/from", "/to");
            disk.CutPower();
            disk.PowerOn();
            Assert.NotEqual(disk.FileExists("/from"), disk.FileExists("/to"));
            outcomes.Add((disk.FileExists("/created"), !disk.FileExists("/deleted"), disk.FileExists("/to")));
        }

        Assert.Equal(8, outcomes.Count);
    }

    [Fact]
    public void Mapped_writes_survive_the_process_and_not_the_power()
    {
        var disk = new SimulatedDisk(5, new SimulatedDiskOptions { FlipsUnsyncedBits = false });
        using (IStorageFile file = disk.Open("/file", FileOpenMode.New))
        {
            file.Write(0, new byte[512]);
            file.SyncData();
            disk.SyncDirectory("/");
            file.Map(512).Bytes.Fill(7);
        }

        disk.KillProcess();
        Assert.Equal(7, Content(disk)[0]);

        bool lost = false;
        for (ulong seed = 1; seed <= 50 && !lost; seed++)
        {
            disk = new SimulatedDisk(seed);
            IStorageFile file = disk.Open("/file", FileOpenMode.New);
            file.Write(0, new byte[512]);
            file.SyncData();
            disk.SyncDirectory("/");
            file.Map(512).Bytes.Fill(7);
            disk.CutPower();
            disk.PowerOn();
            lost = Content(disk)[0] == 0;
        }

        Assert.True(lost);
    }

    [Fact]
    public void A_sync_after_a_failed_one_succeeds_without_the_data()
    {
        bool lost = false;
        for (ulong seed = 1; seed <= 50 && !lost; seed++)
        {
            SimulatedDisk disk = WithSyncedFile(seed);
            using (IStorageFile file = disk.Open("/file", FileOpenMode.Existing))
            {
                file.Write(0, [8, 8, 8]);
                disk.FailSyncAt = disk.Syncs + 1;
                Assert.Throws<StorageFailedException>(file.SyncData);
                file.SyncData();
            }

            disk.CutPower();
            disk.PowerOn();
            lost = Content(disk)[0] == 1;
        }

        Assert.True(lost);
    }

    [Fact]
    public void The_same_seed_loses_the_same()
    {
        Assert.Equal(Run(77), Run(77));

        static byte[] Run(ulong seed)
        {
            SimulatedDisk disk = WithSyncedFile(seed);
            Overwrite(disk, "/file", at: 100, length: 20_000);
            disk.CutPower();
            disk.PowerOn();
            return Content(disk);
        }
    }

    private static SimulatedDisk WithSyncedFile(ulong seed, bool flips = true)
    {
        var disk = new SimulatedDisk(seed, new SimulatedDiskOptions { FlipsUnsyncedBits = flips });
        using IStorageFile file = disk.Open("/file", FileOpenMode.New);
        file.Write(0, [1, 2, 3]);
        file.SyncData();
        disk.SyncDirectory("/");
        return disk;
    }

    private static void Overwrite(SimulatedDisk disk, string path, long at, int length)
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        byte[] nines = new byte[length];
        nines.AsSpan().Fill(9);
        file.Write(at, nines);
    }

    private static byte[] Content(SimulatedDisk disk)
    {
        using IStorageFile file = disk.Open("/file", FileOpenMode.Existing);
        byte[] content = new byte[file.Length];
        Assert.Equal(content.Length, file.Read(0, content));
        return content;
    }
}
