using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;

namespace ReplicatedState.Runtime.Tests.Distrust;

public sealed class CheckpointRingTests
{
    [Fact]
    public void It_remembers_the_last_few_indexes_and_every_so_many_for_long()
    {
        var ring = new CheckpointRing();
        for (ulong index = 1; index <= 200_000; index++)
        {
            ring.Add(index, index * 7);
            if (index % 10_007 != 0)
                continue;
            for (ulong back = 0; back < 64; back++)
                AssertKnown(ring, index - back);
            for (ulong spaced = index / CheckpointRing.Spacing * CheckpointRing.Spacing; spaced > 0 && spaced + (120 * CheckpointRing.Spacing) > index; spaced -= CheckpointRing.Spacing)
                AssertKnown(ring, spaced);
            Assert.False(ring.TryGet(index + 1, out _));
            Assert.Equal(index / CheckpointRing.Spacing * CheckpointRing.Spacing, ring.Spaced.Index);
        }

        // Whatever it knows is right, and what it doesn't know it doesn't make up.
        for (ulong index = 0; index <= 200_100; index++)
            Assert.True(!ring.TryGet(index, out UInt128 hash) || hash == index * 7);
        Assert.False(ring.TryGet(CheckpointRing.Spacing, out _));
    }

    [Fact]
    public void What_lies_before_a_snapshot_was_another_state_s()
    {
        var ring = new CheckpointRing();
        for (ulong index = 1; index <= 1000; index++)
            ring.Add(index, 1);
        ring.Reset(990, 5);
        Assert.Equal(default, ring.Spaced);
        Assert.False(ring.TryGet(989, out _));
        Assert.False(ring.TryGet(CheckpointRing.Spacing, out _));
        Assert.True(ring.TryGet(990, out UInt128 hash));
        Assert.Equal((UInt128)5, hash);
        Assert.False(ring.TryGet(991, out _));
    }

    private static void AssertKnown(CheckpointRing ring, ulong index)
    {
        Assert.True(ring.TryGet(index, out UInt128 hash), $"{index} is remembered");
        Assert.Equal(index * 7, hash);
    }
}
