using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Events and their watchers, over whole nodes and the real client library.</summary>
public sealed class EventsTests
{
    [Fact]
    public async Task Watchers_see_every_event_once_and_in_order_whatever_goes_wrong()
    {
        int seen = 0;
        int resumed = 0;
        IReadOnlyList<ClusterRun> runs = await SimulatedCluster.Of<Chronicle>()
            .Faults(Faults.All)
            .Duration(TimeSpan.FromSeconds(12))
            .Clients(4, async (IChronicleClient chronicle, SimulatedCall call) =>
            {
                if (call.Client <= 2)
                {
                    await WriteAsync(chronicle, call);
                    return;
                }

                long until = await chronicle.CountAsync() + call.Random.Between(0, 5);
                long number = 0;
                EventPosition from = EventPosition.First;
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3), call.Time);
                while (number < until && !patience.IsCancellationRequested)
                {
                    try
                    {
                        await foreach (MachineEvent<ChronicleEntry> next in chronicle.WatchEntryAsync(from, patience.Token))
                        {
                            Assert.Equal(++number, next.Value.Number);
                            from = next.Position.Next;
                            seen++;
                            if (number >= until || call.Random.Chance(20))
                                break;
                        }

                        resumed++;
                    }
                    catch (OperationCanceledException) when (patience.IsCancellationRequested)
                    {
                        return; // nobody has written so much
                    }
                }

                Assert.True(await chronicle.CountAsync(ReadConsistency.Session) >= number);
            })
            .RunAsync(SimulatedCluster.Seeds(1, 12));
        Assert.True(seen > 1_000, $"{seen} events were seen");
        Assert.True(resumed > 50, $"{resumed} watches were resumed");
        Assert.Contains(runs, run => run.Faults[NodeLevel.SimulatedFault.PowerCut] > 0);
    }

    [Fact]
    public async Task Whoever_reads_the_state_and_watches_from_there_misses_nothing_and_sees_nothing_twice() => await SimulatedCluster.Of<Chronicle>()
        .Faults(Faults.All)
        .Duration(TimeSpan.FromSeconds(8))
        .Clients(3, async (IChronicleClient chronicle, SimulatedCall call) =>
        {
            if (call.Client == 1)
            {
                await WriteAsync(chronicle, call);
                return;
            }

            IChronicleClient own = chronicle.WithSession();
            long number = await own.CountAsync(call.Random.Chance(500) ? ReadConsistency.Local : ReadConsistency.Linearizable);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), call.Time);
            try
            {
                await foreach (MachineEvent<ChronicleEntry> next in chronicle.WatchEntryAsync(EventPosition.After(own.SessionToken), patience.Token))
                {
                    Assert.Equal(++number, next.Value.Number);
                    if (call.Random.Chance(300))
                        return;
                }
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                // nobody wrote
            }
        })
        .RunAsync(SimulatedCluster.Seeds(1, 8));

    private static async Task WriteAsync(IChronicleClient chronicle, SimulatedCall call)
    {
        string who = $"{call.Client} {call.Number}";
        switch (call.Random.Between(0, 3))
        {
            case 0:
                await chronicle.RecordLaterAsync(who, call.Random.Between(0, 500));
                break;
            case 1:
                await chronicle.RemarkAsync(who);
                break;
            case 2:
                await Assert.ThrowsAsync<CommandRejectedException>(() => chronicle.RecordAndFailAsync(who).AsTask());
                break;
            default:
                await chronicle.RecordAsync(who, call.Random.Between(0, 4));
                break;
        }
    }
}
