using ReplicatedState.Runtime.Space;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.Space;

public sealed class SpaceReserveTests
{
    private const string Path = "/reserve";
    private const long MiB = 1024 * 1024;
    private readonly SimulatedDisk _disk = new(1);

    [Fact]
    public void It_grows_by_steps_and_every_step_is_durable()
    {
        SpaceReserve reserve = NewReserve();
        reserve.Approach(10 * MiB);
        Assert.Equal(SpaceReserve.StepBytes, reserve.Bytes);
        _disk.SyncDirectory("/");
        reserve.Approach(10 * MiB);
        _disk.CutPower();
        _disk.PowerOn();
        reserve = NewReserve();
        Assert.Equal(2 * SpaceReserve.StepBytes, reserve.Bytes);
        reserve.Approach(10 * MiB);
        Assert.Equal(10 * MiB, reserve.Bytes);
        long writes = _disk.Writes;
        reserve.Approach(10 * MiB);
        Assert.Equal(writes, _disk.Writes);
    }

    [Fact]
    public void Its_bytes_can_not_be_compressed_away()
    {
        NewReserve().Approach(MiB);
        byte[] content = new byte[64 * 1024];
        using IStorageFile file = _disk.Open(Path, FileOpenMode.Existing);
        Assert.Equal(content.Length, file.Read(0, content));
        Assert.True(content.Count(b => b == 0) < content.Length / 64);
    }

    [Fact]
    public void Giving_it_up_frees_all_of_it_also_for_a_later_process()
    {
        _disk.CapacityBytes = 10 * MiB;
        NewReserve().Approach(3 * MiB);
        Assert.Equal(7 * MiB, _disk.FreeBytes("/"));
        Assert.Equal(3 * MiB, NewReserve().GiveUp());
        Assert.Equal(10 * MiB, _disk.FreeBytes("/"));
        Assert.Equal(0, NewReserve().GiveUp());
    }

    [Fact]
    public void A_write_that_finds_no_space_throws()
    {
        _disk.CapacityBytes = MiB;
        SpaceReserve reserve = NewReserve();
        StorageFailedException failure = Assert.Throws<StorageFailedException>(() => reserve.Approach(2 * MiB));
        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        reserve.GiveUp();
        Assert.Equal(MiB, _disk.FreeBytes("/"));
    }

    private SpaceReserve NewReserve() => new(_disk, new SeededRandom(3), Path);
}
