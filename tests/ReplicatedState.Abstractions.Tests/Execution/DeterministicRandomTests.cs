using CsCheck;

namespace ReplicatedState.Abstractions.Tests.Execution;

public sealed class DeterministicRandomTests
{
    /// <summary>A change of these numbers would make replicas of two versions diverge.</summary>
    [Fact]
    public void The_numbers_are_the_same_for_ever()
    {
        DeterministicRandom random = Seeded(42);

        Assert.Equal("773499382201279370 650 0.1469631207610289 0.39082998", string.Join(' ', random.NextInt64(), random.Next(1000), random.NextDouble(), random.NextSingle()));
    }

    [Fact]
    public void Numbers_keep_to_their_bounds() =>
        Gen.Select(Gen.ULong, Gen.Long, Gen.Long).Sample((seed, a, b) =>
        {
            (long low, long high) = (Math.Min(a, b), Math.Max(a, b));
            long drawn = Seeded(seed).NextInt64(low, high);
            return low == high ? drawn == low : drawn >= low && drawn < high;
        });

    [Fact]
    public void Fractions_are_below_one()
    {
        DeterministicRandom random = Seeded(1);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.InRange(random.NextDouble(), 0, 1 - double.Epsilon);
            Assert.True(random.NextSingle() < 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Bytes_of_any_length_are_filled(int length)
    {
        byte[] all = new byte[length];
        for (int i = 0; i < 64; i++)
        {
            byte[] some = new byte[length];
            Seeded((ulong)i).NextBytes(some);
            for (int at = 0; at < length; at++)
                all[at] |= some[at];
        }

        Assert.DoesNotContain((byte)0, all);
    }

    [Fact]
    public void Every_value_of_a_small_range_is_drawn_about_equally_often()
    {
        DeterministicRandom random = Seeded(9);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
            counts[random.Next(7)]++;

        Assert.All(counts, static count => Assert.InRange(count, 9_500, 10_500));
    }

    private static DeterministicRandom Seeded(ulong seed)
    {
        var random = new DeterministicRandom();
        random.Reseed(seed);
        return random;
    }
}
