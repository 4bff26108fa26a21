using ReplicatedState.Testing;

namespace ReplicatedState.Simulation.Tests;

/// <summary>The parts of the simulator itself.</summary>
public sealed class SimulatorPartsTests
{
    [Fact]
    public void A_seed_means_the_same_numbers_on_every_machine()
    {
        var random = new SeededRandom(42);
        // xoshiro256** seeded by splitmix64(42): fixed by their definitions.
        Assert.Equal(0x15780b2e0c2ec716UL, random.NextUInt64());
        Assert.Equal(0x6104d9866d113a7eUL, random.NextUInt64());
    }

    [Fact]
    public void Numbers_stay_within_their_bounds_and_reach_them()
    {
        var random = new SeededRandom(7);
        HashSet<int> seen = [];
        for (int i = 0; i < 1000; i++)
            seen.Add(random.Between(3, 6));
        Assert.Equal([3, 4, 5, 6], seen.Order());
    }

    [Fact]
    public void A_chance_of_nothing_never_comes_and_certainty_always_does()
    {
        var random = new SeededRandom(7);
        for (int i = 0; i < 1000; i++)
        {
            Assert.False(random.Chance(0));
            Assert.True(random.Chance(1000));
        }
    }

    [Fact]
    public void Events_come_by_time_and_equal_ones_in_the_order_in_which_they_were_planned()
    {
        var queue = new EventQueue<int>();
        var random = new SeededRandom(3);
        var planned = new List<(long At, int Number)>();
        for (int i = 0; i < 500; i++)
        {
            long at = random.Between(0, 50);
            planned.Add((at, i));
            queue.Add(at, i);
        }

        var taken = new List<(long, int)>();
        while (queue.TryTake(out long at, out int number))
            taken.Add((at, number));
        Assert.Equal(planned.OrderBy(p => p.At).ThenBy(p => p.Number), taken);
    }

    [Fact]
    public void A_cut_link_carries_nothing_one_way_and_everything_the_other()
    {
        var network = new SimulatedNetwork(2, NetworkFaults.None, new SeededRandom(1));
        network.Cut(0, 1);
        Assert.Equal(0, network.Send(0, 1).Copies);
        Assert.Equal(1, network.Send(1, 0).Copies);
        network.Heal();
        Assert.Equal(1, network.Send(0, 1).Copies);
    }

    [Fact]
    public void A_split_cuts_every_link_between_the_sides_and_none_within()
    {
        var network = new SimulatedNetwork(5, NetworkFaults.None, new SeededRandom(1));
        network.Split(0b00011);
        Assert.True(network.IsOpen(0, 1));
        Assert.True(network.IsOpen(3, 4));
        Assert.False(network.IsOpen(0, 2));
        Assert.False(network.IsOpen(4, 1));
    }

    [Fact]
    public void The_clock_never_goes_back()
    {
        var clock = new VirtualClock();
        clock.AdvanceTo(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.AdvanceTo(9));
    }
}
