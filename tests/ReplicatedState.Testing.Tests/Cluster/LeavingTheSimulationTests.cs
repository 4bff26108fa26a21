using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Clients' code that goes on outside of the run would make each run another one; it is refused in words.</summary>
public sealed class LeavingTheSimulationTests
{
    [Fact]
    public Task A_continuation_without_the_context_is_refused() => RefusedAsync("as after ConfigureAwait(false)", async (purse, _) =>
    {
        await purse.CoinsOfAsync("a").ConfigureAwait(false);
        await purse.CoinsOfAsync("b");
    });

    [Fact]
    public Task Work_on_the_thread_pool_is_refused() => RefusedAsync("awaits something that is neither a call nor a delay", async (purse, _) =>
    {
        await purse.CoinsOfAsync("a");
        await Task.Run(async () => await Task.Delay(50));
    });

    [Fact]
    public Task A_call_from_another_thread_is_refused() => RefusedAsync("has left the simulation", async (purse, _) => await Task.Run(async () => await purse.CoinsOfAsync("a")));

    [Fact]
    public Task Waiting_in_real_time_is_refused() => RefusedAsync("awaits something that is neither a call nor a delay", async (_, _) => await Task.Delay(20));

    [Fact]
    public Task Blocking_is_refused() => RefusedAsync("as .Result and .Wait() do", (purse, _) => Task.FromResult(purse.CoinsOfAsync("a").AsTask().Result));

    [Fact]
    public async Task Yielding_and_waiting_in_virtual_time_are_fine()
    {
        ClusterRun run = await SimulatedCluster.Of<Purse>().Clients(1, async (IPurseClient purse, SimulatedCall call) =>
        {
            await Task.Yield();
            await call.DelayAsync(TimeSpan.FromMilliseconds(call.Random.Between(1, 50)));
            await Task.WhenAny(purse.CoinsOfAsync("a").AsTask(), Task.Delay(TimeSpan.FromMilliseconds(3), call.Time));
        }).RunAsync(4);
        Assert.True(run.Calls > 20);
    }

    private static async Task RefusedAsync(string how, Func<IPurseClient, SimulatedCall, Task> act)
    {
        SimulationFailedException failure = await Assert.ThrowsAsync<SimulationFailedException>(() => SimulatedCluster.Of<Purse>().Clients(1, act).RunAsync(1));
        Assert.StartsWith("simulation: a client's code has left the simulation", failure.Violation, StringComparison.Ordinal);
        Assert.Contains(how, failure.Violation, StringComparison.Ordinal);
    }
}
