using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.Identity;

public sealed class DataDirectoryTests
{
    private const string DataPath = "/data";
    private static readonly NodeIdentity Formatted = new(null, 0, new RaftId(0xFEDC_BA98_7654_3210), "node \"α\"");
    private static readonly NodeIdentity Joined = Formatted with { ClusterGuid = new Guid("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), Epoch = 7 };
    private readonly SimulatedDisk _disk = new(31);

    [Fact]
    public void A_new_directory_has_no_identity()
    {
        using DataDirectory directory = DataDirectory.Open(_disk, DataPath);
        Assert.Null(directory.ReadIdentity());
    }

    [Fact]
    public void The_identity_comes_back_in_full()
    {
        using DataDirectory directory = DataDirectory.Open(_disk, DataPath);
        directory.WriteIdentity(Formatted);
        Assert.Equal(Formatted, directory.ReadIdentity());
        directory.WriteIdentity(Joined);
        Assert.Equal(Joined, directory.ReadIdentity());
    }

    [Fact]
    public void A_second_user_of_the_directory_is_refused_until_the_first_is_done()
    {
        DataDirectory first = DataDirectory.Open(_disk, DataPath);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(() => DataDirectory.Open(_disk, DataPath));
        Assert.Contains(DataPath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        first.Dispose();
        DataDirectory.Open(_disk, DataPath).Dispose();
    }

    [Fact]
    public void A_power_cut_at_any_operation_leaves_the_old_identity_or_the_new()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            for (long cut = 1; CutWhileReplacing(seed, cut); cut++)
            {
            }
        }

        static bool CutWhileReplacing(ulong seed, long cut)
        {
            var disk = new SimulatedDisk((seed * 1000) + (ulong)cut);
            DataDirectory directory = DataDirectory.Open(disk, DataPath);
            directory.WriteIdentity(Formatted);
            disk.CutPowerAt = disk.Operations + cut;
            bool acknowledged = false;
            try
            {
                directory.WriteIdentity(Joined);
                acknowledged = true;
                disk.CutPower();
            }
            catch (StorageFailedException) when (disk.IsOff)
            {
            }

            disk.PowerOn();
            using DataDirectory found = DataDirectory.Open(disk, DataPath);
            NodeIdentity? identity = found.ReadIdentity();
            Assert.True(identity == Joined || (!acknowledged && identity == Formatted), $"seed {seed}, cut {cut}: {identity}");
            return !acknowledged;
        }
    }

    [Fact]
    public void A_damaged_identity_is_refused()
    {
        using DataDirectory directory = DataDirectory.Open(_disk, DataPath);
        directory.WriteIdentity(Joined);
        long length;
        using (IStorageFile file = _disk.Open(DataPath + "/node.json", FileOpenMode.Existing))
            length = file.Length;
        for (long offset = 0; offset < length; offset++)
        {
            _disk.FlipBit(DataPath + "/node.json", offset, bit: 0);
            try
            {
                // White space may change without changing the meaning; nothing else may.
                Assert.Equal(Joined, directory.ReadIdentity());
            }
            catch (StorageFailedException refusal)
            {
                Assert.Contains("node.json", refusal.Message, StringComparison.Ordinal);
            }

            _disk.FlipBit(DataPath + "/node.json", offset, bit: 0);
        }
    }

    [Fact]
    public void Data_without_an_identity_is_refused()
    {
        using DataDirectory directory = DataDirectory.Open(_disk, DataPath);
        _disk.CreateDirectory(directory.LogPath);
        StorageFailedException refusal = Assert.Throws<StorageFailedException>(directory.ReadIdentity);
        Assert.Contains("holds data but no node.json", refusal.Message, StringComparison.Ordinal);
    }
}
