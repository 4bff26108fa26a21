using ReplicatedState.Testing.NodeLevel;
using First = ReplicatedState.Testing.Tests.Machines.First;
using Second = ReplicatedState.Testing.Tests.Machines.Second;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>A machine that migrates its state, on clusters whose nodes get the binary of its next version while clients of both versions call.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task A_machine_that_migrates_survives_all_faults_in_an_upgrade()
    {
        IReadOnlyList<ClusterRun> runs = await Wallets(Faults.All).RunAsync([1001, 1002, 1005, 1010, 1172]);

        Assert.All(runs, run => Assert.True(run.Answered > 10, $"seed {run.Seed} answered {run.Answered} of {run.Calls} calls"));
        Assert.Contains(runs, run => run.Faults[SimulatedFault.BinaryUpgraded] > 0 && run.Faults[SimulatedFault.VersionActivated] == 0);
        Assert.Contains(runs, run => run.Faults[SimulatedFault.VersionActivated] > 0);
        Assert.Contains(runs, run => run.Faults[SimulatedFault.BinaryRolledBack] > 0);
        Assert.Contains(runs, run => run.Faults[SimulatedFault.OldBinaryHalted] > 0);
    }

    // begin page
    [Fact]
    public Task No_cent_is_lost_when_cents_become_amounts() => SimulatedCluster.Of<First.Wallets>()
        .UpgradeTo<Second.Wallets>()
        .Faults(Faults.All)
        .Invariant("no cent is lost", (First.Wallets wallets) => wallets.TotalCents == 100_000)
        .Invariant("no cent is lost by the migration", (Second.Wallets wallets) => wallets.TotalCents == 100_000)
        .Clients(2, async (First.IWalletsClient wallets, SimulatedCall call) => await wallets.PayAsync("a", "b", call.Random.Between(1, 500)))
        .Clients(2, async (Second.IWalletsClient wallets, SimulatedCall call) => await wallets.PayAsync("b", "a", call.Random.Between(1, 500)))
        .RunAsync(SimulatedCluster.Seeds(first: 1, count: 3));
    // end page

    [Fact]
    public async Task Without_other_faults_the_version_takes_effect_in_every_run_and_new_commands_are_executed_from_then_on()
    {
        for (ulong seed = 1; seed <= 2; seed++)
        {
            int notes = 0;
            ClusterRun run = await Wallets(Faults.None)
                .Clients(1, async (Second.IWalletsClient wallets, SimulatedCall call) =>
                {
                    await call.DelayAsync(TimeSpan.FromSeconds(1));
                    await Try(async () => notes = await wallets.NotesAsync());
                })
                .RunAsync(seed);
            Assert.Equal(1, run.Faults[SimulatedFault.VersionActivated]);
            Assert.True(notes > 0, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_run_with_an_upgrade_is_the_same_every_time() =>
        Assert.Equal(await Wallets(Faults.All).RunAsync(3), await Wallets(Faults.All).RunAsync(3));

    [Fact]
    public void Only_a_later_version_of_the_same_machine_can_be_upgraded_to()
    {
        Assert.Contains("'wallets' of version 1 isn't a later version of 'wallets' of version 2", Assert.Throws<ArgumentException>(() => SimulatedCluster.Of<Second.Wallets>().UpgradeTo<First.Wallets>()).Message, StringComparison.Ordinal);
        Assert.Contains("isn't a later version of 'purse'", Assert.Throws<ArgumentException>(() => SimulatedCluster.Of<Machines.Purse>().UpgradeTo<Second.Wallets>()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "The client of 'wallets' is ReplicatedState.Testing.Tests.Machines.First.IWalletsClient, not ReplicatedState.Testing.Tests.Machines.Second.IWalletsClient",
            Assert.Throws<ArgumentException>(() => SimulatedCluster.Of<First.Wallets>().Clients(1, async (Second.IWalletsClient wallets, SimulatedCall _) => await wallets.NotesAsync())).Message,
            StringComparison.Ordinal);
    }

    private static SimulatedCluster<First.Wallets> Wallets(Faults faults) => SimulatedCluster.Of<First.Wallets>()
        .UpgradeTo<Second.Wallets>()
        .Faults(faults)
        .Invariant("no cent is lost in the old version", (First.Wallets wallets) => wallets.TotalCents == 100_000)
        .Invariant("no cent is lost in the new version", (Second.Wallets wallets) => wallets.TotalCents == 100_000)
        .Invariant("the state is all of one version", (Second.Wallets wallets) => wallets.IsOfOneVersion)
        .Clients(2, async (First.IWalletsClient wallets, SimulatedCall call) =>
        {
            await wallets.PayAsync("a", "b", call.Random.Between(1, 500));
            await wallets.PayLaterAsync("b", "c", call.Random.Between(1, 500));
            await wallets.CentsInAsync("c");
            await foreach (string _ in wallets.AllAsync())
            {
                // What it says is held against the log.
            }
        })
        .Clients(2, async (Second.IWalletsClient wallets, SimulatedCall call) =>
        {
            await wallets.PayAsync("c", "a", call.Random.Between(1, 500));
            await Try(async () => await wallets.PayAsync("c", "a", 1, note: $"{call.Client} {call.Number}"));
            await Try(async () => await wallets.FreezeAsync("b", call.Number % 2 == 0));
        });

    /// <summary>Calls what is new.</summary>
    private static async Task Try(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception error) when (error is UnknownCommandException or InvalidCommandException)
        {
            // The version isn't in effect yet; an old binary, which leads, knows nothing of it and finds an argument too many.
        }
    }
}
