using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>What shares a sync: storage.max_batch_size and storage.max_batch_delay.</summary>
public sealed class GroupCommitTests
{
    private const int Groups = 4;
    private const long WriteUs = 6_000;

    [Theory]
    [InlineData(1000, 1_000_000, 1)]
    [InlineData(2, 1_000_000, 2)]
    [InlineData(1000, 10_000, 2)]
    [InlineData(1000, 1, 4)]
    public void Writes_that_wait_together_share_a_sync_within_the_limits_on_their_number_and_time(int sizeMax, long delayMaxUs, long syncs)
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Options = node.Options with { Storage = node.Options.Storage with { MaxBatchSize = sizeMax, MaxBatchDelayUs = delayMaxUs } };
        string[] names = [.. Enumerable.Range(0, Groups).Select(i => $"tally-{i}")];
        node.Machines = [.. names.Select(name => new MachineRegistration(name, StateMachineDefinition.Of<Tally>()))];
        node.Start();
        cluster.RunUntil(() => names.All(node.Leads));
        cluster.RunFor(200);

        node.Store.Writing = () => cluster.Clock.AdvanceTo(cluster.Clock.NowUs + WriteUs);
        long before = node.Store.Syncs;
        TestCall[] calls = [.. names.Select(name => new TestCall { Kind = RequestKind.Command, Machine = name, Payload = Payload.Of(Tally.Add("a", 1)) })];
        foreach (TestCall call in calls)
            node.Running!.Submit(call);
        cluster.RunUntil(() => calls.All(call => call.IsComplete));

        Assert.Equal(syncs, node.Store.Syncs - before);
    }
}
