using ReplicatedState.Testing.NodeLevel;
using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Clusters with a bug under users' machines: what users see of it is found, by what every run is checked for.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public async Task Commands_that_are_repeated_without_a_session_are_found_as_executed_twice() =>
        Assert.Matches("history: Command \\d+ of client \\d+ was executed twice", await FirstFindAsync(options => options with { UseSessions = false }));

    [Fact]
    public async Task Acknowledging_before_the_sync_is_found() =>
        Assert.Matches("^(I1|I6|I10|I11|node|history|determinism):", await FirstFindAsync(options => options with { SyncWrites = false }));

    private static async Task<string> FirstFindAsync(Func<NodeSimulationOptions, NodeSimulationOptions> plant)
    {
        const ulong SeedsMax = 20;
        SimulatedCluster<Purse> cluster = SimulatedCluster.Of<Purse>()
            .Faults(Faults.Only(FaultKind.PowerCut, FaultKind.Partition).Times(3))
            .Clients(3, async (IPurseClient purse, SimulatedCall _) => await purse.MoveAsync("a", "a", 1));
        cluster.Plant = plant;
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            try
            {
                await cluster.RunAsync(seed);
            }
            catch (SimulationFailedException failure)
            {
                return failure.Violation;
            }
        }

        throw new Xunit.Sdk.XunitException($"Not found within {SeedsMax} seeds.");
    }
}
