using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Results in pages, over whole nodes.</summary>
public sealed class PagedQueryTests
{
    [Fact]
    public async Task Pages_are_of_one_state_or_the_result_is_interrupted_whatever_goes_wrong()
    {
        int whole = 0;
        int interrupted = 0;
        int left = 0;
        await SimulatedCluster.Of<Ledger>()
            .Faults(Faults.All)
            .Duration(TimeSpan.FromSeconds(12))
            .Clients(3, async (ILedgerClient ledger, SimulatedCall call) =>
            {
                long before = await ledger.StampAsync();
                int items = 0;
                long? stamp = null;
                try
                {
                    await foreach ((long seen, string _) in ledger.AllAsync())
                    {
                        Assert.InRange(seen, before, long.MaxValue);
                        Assert.Equal(stamp ??= seen, seen);
                        if (++items % 3 == 0)
                            await call.DelayAsync(TimeSpan.FromMilliseconds(call.Random.Between(0, 300)));
                        if (call.Random.Chance(10))
                        {
                            left++;
                            return;
                        }
                    }

                    Assert.Equal(12, items);
                    whole++;
                }
                catch (ResultInterruptedException e)
                {
                    Assert.Equal(items, e.ItemsDelivered);
                    interrupted++;
                }
            })
            .RunAsync(SimulatedCluster.Seeds(1, 8).Append(3014UL)); // in 3014 the time for a page is over while its client waits for another attempt
        Assert.True(whole > 100, $"{whole} results came whole");
        Assert.True(interrupted > 0, "none was interrupted");
        Assert.True(left > 0, "none was given up");
    }

    [Fact]
    public async Task The_probe_compares_sequences_too()
    {
        DeterminismReport report = await DeterminismProbe.Of<Ledger>().RunAsync(async (ILedgerClient ledger) =>
        {
            await ledger.StampAsync();
            Assert.Equal(12, await ledger.AllAsync().CountAsync());
        });
        Assert.Equal((1, 1), (report.Commands, report.Queries));
    }
}
