using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>Several commands as one entry, over whole nodes and the real client library.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task Batches_are_executed_once_in_one_piece_and_answered_command_by_command_whatever_goes_wrong()
    {
        int batches = 0;
        int rejected = 0;
        IReadOnlyList<ClusterRun> runs = await SimulatedCluster.Of<Purse>()
            .Faults(Faults.All)
            .Duration(TimeSpan.FromSeconds(10))
            .Invariant("no coin is lost or made", purse => purse.Total == 1000)
            .Clients(4, async (IPurseClient purse, SimulatedCall call) =>
            {
                if (call.Random.Chance(300))
                {
                    await purse.MoveAsync("a", "b", call.Random.Between(1, 20));
                    return;
                }

                // Nobody comes in between: what goes from a to b and on to c leaves b as it was.
                long amount = call.Random.Between(1, 400);
                var batch = new CommandBatch();
                BatchedCommand<long> before = batch.Add(PurseCommands.Move("b", "b", 0));
                BatchedCommand<long> there = batch.Add(PurseCommands.Move("a", "b", amount));
                BatchedCommand<long> back = batch.Add(PurseCommands.Move("b", "a", amount));
                BatchedCommand<long> after = batch.Add(PurseCommands.Move("b", "b", 0));
                IPurseClient sender = call.Random.Chance(200) ? purse.WithIdempotencyKey($"{call.Client} {call.Number}") : purse;
                BatchReply reply = await sender.BatchAsync(batch);
                batches++;
                if (reply.ErrorOf(there) is CommandRejectedException)
                {
                    rejected++;
                    return;
                }

                Assert.Equal(reply.ResultOf(before) + amount, reply.ResultOf(there));
                Assert.True(reply.ResultOf(back) >= amount);
                Assert.Equal(reply.ResultOf(before), reply.ResultOf(after));
            })
            .RunAsync(SimulatedCluster.Seeds(1, 10));
        Assert.True(batches > 500, $"{batches} batches were answered");
        Assert.True(rejected > 10, $"{rejected} batches held a rejected command");
        Assert.Contains(runs, run => run.Faults[NodeLevel.SimulatedFault.PowerCut] > 0);
    }

    [Fact]
    public async Task The_probe_looks_at_the_commands_of_a_batch_one_by_one()
    {
        DeterminismReport report = await DeterminismProbe.Of<Purse>().SnapshotEvery(2).RunAsync(async (IPurseClient purse) =>
        {
            var batch = new CommandBatch();
            BatchedCommand<long> first = batch.Add(PurseCommands.Move("a", "b", 5));
            BatchedCommand<long> second = batch.Add(PurseCommands.Move("a", "b", 5_000));
            BatchedCommand<long> third = batch.Add(PurseCommands.Move("nobody", "b", 1));
            BatchReply reply = await purse.BatchAsync(batch);
            Assert.Equal(305, reply.ResultOf(first));
            Assert.Equal("too_few", Assert.IsType<CommandRejectedException>(reply.ErrorOf(second)).RejectionCode);
            Assert.IsType<CommandFailedException>(reply.ErrorOf(third));
        });
        Assert.Equal((3, 0), (report.Commands, report.Queries));
    }
}
