using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Commands that fire by the log's time, over whole nodes.</summary>
public sealed class TimersTests
{
    [Fact]
    public async Task A_timer_fires_soon_after_its_time_where_nothing_else_happens() => await SimulatedCluster.Of<Alarms>()
        .Faults(Faults.None)
        .Clients(1, async (IAlarmsClient alarms, SimulatedCall call) =>
        {
            string name = $"{call.Number}";
            await alarms.SetAsync(name, 700);
            await call.DelayAsync(TimeSpan.FromMilliseconds(900));
            Assert.True(await alarms.HasRungAsync(name));
        })
        .RunAsync(SimulatedCluster.Seeds(1, 3));

    [Fact]
    public async Task Timers_fire_once_and_never_early_whatever_goes_wrong()
    {
        int rung = 0;
        IReadOnlyList<ClusterRun> runs = await SimulatedCluster.Of<Alarms>()
            .Faults(Faults.All)
            .Duration(TimeSpan.FromSeconds(12))
            .Invariant("alarms ring once, in time and in no other way", alarms => alarms.IsRight)
            .Clients(3, async (IAlarmsClient alarms, SimulatedCall call) =>
            {
                string name = $"{call.Client} {call.Number}";
                await alarms.SetAsync(name, call.Random.Between(0, 1500));
                if (call.Random.Chance(300))
                {
                    await alarms.StopAsync(name);
                    return;
                }

                await call.DelayAsync(TimeSpan.FromMilliseconds(call.Random.Between(0, 2000)));
                if (await alarms.HasRungAsync(name))
                    rung++;
            })
            .RunAsync(SimulatedCluster.Seeds(1, 12));
        Assert.True(rung > 100, $"{rung} alarms were found to have rung");
        Assert.Contains(runs, run => run.Faults[NodeLevel.SimulatedFault.PowerCut] > 0);
    }

    [Fact]
    public async Task A_command_for_timers_tells_a_clients_call_from_a_timers()
    {
        await SimulatedCluster.Of<Alarms>()
            .Faults(Faults.None)
            .Duration(TimeSpan.FromSeconds(2))
            .Clients(1, async (IAlarmsClient alarms, SimulatedCall _) =>
                Assert.Equal("not_yours", (await Assert.ThrowsAsync<CommandRejectedException>(() => alarms.RingAsync("x", DateTimeOffset.UnixEpoch).AsTask())).RejectionCode))
            .RunAsync(1);
    }

    [Fact]
    public async Task The_probe_has_timers_fire_too()
    {
        DeterminismReport report = await DeterminismProbe.Of<Alarms>().WithoutProcesses().RunAsync(async (IAlarmsClient alarms) =>
        {
            await alarms.SetAsync("a", 100);
            await alarms.SetAsync("b", 1_000_000);
            Assert.True(await alarms.HasRungAsync("a"));
            Assert.False(await alarms.HasRungAsync("b"));
        });
        Assert.Equal(4, report.Commands); // two that were sent, and two that fired
    }
}
