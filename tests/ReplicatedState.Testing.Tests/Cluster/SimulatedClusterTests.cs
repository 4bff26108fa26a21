using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Users' own machines and clients in the simulation of whole nodes.</summary>
public sealed class SimulatedClusterTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public async Task A_correct_machine_survives_all_faults()
    {
        IReadOnlyList<ClusterRun> runs = await Coins(Faults.All).RunAsync(SimulatedCluster.Seeds(1, 6));
        Assert.All(runs, run => Assert.True(run.Answered > 10, $"seed {run.Seed} answered {run.Answered} of {run.Calls} calls"));
        Assert.Contains(runs, run => run.Faults[NodeLevel.SimulatedFault.PowerCut] > 0);
    }

    [Fact]
    public async Task A_seed_is_the_same_run_every_time()
    {
        for (ulong seed = 10; seed <= 12; seed++)
        {
            ClusterRun run = await Coins(Faults.All).RunAsync(seed);
            Assert.Equal(run, await Coins(Faults.All).RunAsync(seed));
        }

        Assert.NotEqual((await Coins(Faults.None).RunAsync(1)).Trace, (await Coins(Faults.None).RunAsync(2)).Trace);
    }

    [Fact]
    public async Task Without_faults_nobody_is_refused()
    {
        ClusterRun run = await Coins(Faults.None).Nodes(5).RunAsync(3);
        Assert.Equal(run.Calls, run.Answered);
    }

    [Fact]
    public async Task A_broken_invariant_is_reported_with_the_seed_and_the_command()
    {
        SimulationFailedException failure = await Assert.ThrowsAsync<SimulationFailedException>(() => Coins(Faults.None)
            .Clients(1, async (IPurseClient purse, SimulatedCall call) =>
            {
                await call.DelayAsync(TimeSpan.FromSeconds(5));
                await purse.StealAsync("b");
            })
            .RunAsync(7));
        Assert.Equal(7UL, failure.Seed);
        Assert.StartsWith("invariant: 'coins are kept' doesn't hold on n", failure.Violation, StringComparison.Ordinal);
        Assert.Contains("after Steal(\"b\") of client3#1 at ", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"replay: await cluster.RunAsync(7, new RunOptions {{ BreakAtEvent = {failure.AtEvent} }})", failure.Message, StringComparison.Ordinal);
        Assert.Contains("client3#1 calls Steal(\"b\")", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_clients_code_asserts_ends_the_run()
    {
        SimulationFailedException failure = await Assert.ThrowsAsync<SimulationFailedException>(() => SimulatedCluster.Of<Purse>()
            .Clients(1, async (IPurseClient purse, SimulatedCall _) => Assert.Equal(499, await purse.CoinsOfAsync("a")))
            .RunAsync(1));
        Assert.StartsWith("client: the code of client1 threw Xunit.Sdk.EqualException", failure.Violation, StringComparison.Ordinal);
        Assert.IsType<Xunit.Sdk.EqualException>(failure.InnerException);
    }

    [Fact]
    public async Task A_machine_that_answers_differently_on_every_replica_is_found()
    {
        SimulationFailedException failure = await Assert.ThrowsAsync<SimulationFailedException>(() => SimulatedCluster.Of<Moody>()
            .Clients(2, async (IMoodyClient moody, SimulatedCall _) => await moody.AskAsync())
            .RunAsync(1));
        Assert.StartsWith("determinism: two replicas, or two lives of one, executed Ask() of client", failure.Violation, StringComparison.Ordinal);
        Assert.Contains("(these lines are of a second run, which was another one", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_calls_at_once_an_idempotency_key_and_a_stale_query_are_checked_too()
    {
        ClusterRun run = await SimulatedCluster.Of<Purse>()
            .Faults(Faults.Only(NodeLevel.FaultKind.PowerCut, NodeLevel.FaultKind.Partition).Times(2))
            .Invariant("coins are kept", purse => purse.Total == 1000)
            .Clients(2, async (IPurseClient purse, SimulatedCall call) =>
            {
                string key = $"{call.Client} {call.Number}";
                await Task.WhenAll(
                    purse.WithIdempotencyKey(key).MoveAsync("a", "b", 1).AsTask(),
                    purse.WithIdempotencyKey(key).MoveAsync("a", "b", 1).AsTask(),
                    purse.MoveAsync("b", "a", 1).AsTask());
                await purse.AllAsync(ReadConsistency.Local);
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(30), call.Time);
                try
                {
                    await purse.AllAsync(cancellationToken: patience.Token);
                }
                catch (OperationCanceledException) when (patience.IsCancellationRequested)
                {
                    // It gave up; in virtual time, so the same in every run.
                }
            })
            .RunAsync(5);
        Assert.True(run.Answered > 50, $"{run.Answered} answered");
    }

    [Fact]
    public async Task A_script_says_what_goes_wrong_and_when()
    {
        ClusterRun run = await Coins(Faults.Script(new FaultScript()
            .At(TimeSpan.FromSeconds(3)).Cut(1, 3).PowerCut(2, downFor: TimeSpan.FromSeconds(2))
            .At(TimeSpan.FromSeconds(6)).Heal().Kill(1).StepClock(3, TimeSpan.FromHours(-1))
            .At(TimeSpan.FromSeconds(9)).Isolate(1).FailNextSync(2).SlowDisk(3, TimeSpan.FromSeconds(1))
            .At(TimeSpan.FromSeconds(11)).Heal().Pause(3, TimeSpan.FromSeconds(2)).FailNextWrite(2))).RunAsync(2);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.PowerCut]);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.ProcessKilled]);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.OneWayPartition]);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.Partition]);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.FailedSync]);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.FailedWrite]);
        Assert.Equal(1, run.Faults[NodeLevel.SimulatedFault.LongPause]);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_before_anything_runs()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => SimulatedCluster.Of<Purse>().RunAsync(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Coins(Faults.Script(new FaultScript().Kill(4))).RunAsync(1));
        Assert.Throws<ArgumentException>(() => SimulatedCluster.Of<Purse>().Clients(1, (IMoodyClient _, SimulatedCall _) => Task.CompletedTask));
    }

    private static SimulatedCluster<Purse> Coins(Faults faults) => SimulatedCluster.Of<Purse>()
        .Faults(faults)
        .Duration(TimeSpan.FromSeconds(12))
        .Invariant("coins are kept", purse => purse.Total == 1000)
        .Clients(2, async (IPurseClient purse, SimulatedCall call) =>
        {
            await purse.MoveAsync(Names[call.Random.Between(0, 2)], Names[call.Random.Between(0, 2)], call.Random.Between(1, 20));
            if (call.Random.Chance(300))
                Assert.Equal(1000, (await purse.AllAsync()).Sum());
        });
}
