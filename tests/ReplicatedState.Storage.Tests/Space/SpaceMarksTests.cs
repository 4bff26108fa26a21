using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Space;

namespace ReplicatedState.Storage.Tests.Space;

public sealed class SpaceMarksTests
{
    private const long MiB = 1024 * 1024;
    private const long GiB = 1024 * MiB;

    [Theory]
    [InlineData(100 * GiB, 5 * GiB, 64 * MiB)]
    [InlineData(10 * GiB, 512 * MiB, 64 * MiB)]
    [InlineData(4 * GiB, 512 * MiB, 64 * MiB)]
    [InlineData(GiB, 256 * MiB, 32 * MiB)]
    [InlineData(96 * MiB, 24 * MiB, 3 * MiB)]
    [InlineData(0, 0, 0)]
    public void The_mark_is_half_a_gibibyte_or_a_twentieth_of_the_device_and_a_quarter_of_a_small_one(long device, long low, long reserve)
    {
        SpaceMarks marks = SpaceMarks.Of(new StorageOptions(), device);
        Assert.Equal(low, marks.LowBytes);
        Assert.Equal(low + (low / 2), marks.ResumeBytes);
        Assert.Equal(reserve, marks.ReserveBytes);
    }

    [Fact]
    public void Zero_turns_the_watch_off()
    {
        Assert.Equal(default, SpaceMarks.Of(new StorageOptions { LowSpaceBytes = 0, LowSpacePercent = 25 }, 100 * GiB));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(96 * MiB)]
    [InlineData(5 * GiB)]
    [InlineData(long.MaxValue)]
    public void Making_the_reserve_never_makes_space_low_and_giving_it_up_never_makes_it_enough(long device)
    {
        SpaceMarks marks = SpaceMarks.Of(new StorageOptions(), device);
        Assert.True(marks.ResumeBytes - marks.ReserveBytes >= marks.LowBytes);
        Assert.True(marks.LowBytes == 0 || marks.LowBytes - 1 + marks.ReserveBytes < marks.ResumeBytes);
    }
}
