using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class ReplayTests
{
    [Fact]
    public void Equal_seeds_make_equal_runs_turn_by_turn()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void With_lost_frames_restarts_and_partitions_nothing_acknowledged_is_lost_or_done_twice(ulong seed)
    {
        var random = new SeededRandom(seed * 7919);
        TestCluster cluster = TestCluster.Formed(3, seed, TestCluster.Raft with { SnapshotThreshold = 40, TrailingLogs = 5 });
        cluster.Network.LossPerMille = 30;
        var calls = new List<TestCall>();
        for (int round = 0; round < 60; round++)
        {
            TestNode target = cluster.Nodes[(int)random.Next(3)];
            if (target.Running is not null)
            {
                for (int i = 0; i < 5; i++)
                    calls.Add(target.Command(Tally.Add("a", 1), deadlineMs: cluster.Clock.MonotonicMs + 500));
            }

            switch (random.Next(8))
            {
                case 0 when cluster.Nodes.All(node => node.Running is not null):
                    target.Kill();
                    break;
                case 1:
                    cluster.Network.Isolate(target.Address, cluster.Nodes.Where(node => node != target).Select(node => node.Address));
                    break;
                case 2:
                    cluster.Network.Heal();
                    break;
            }

            if (cluster.Nodes.FirstOrDefault(node => node.Running is null) is { } down && random.Chance(400))
                down.Start();
            cluster.RunFor(random.Between(1, 120));
        }

        cluster.Network.Heal();
        cluster.Network.LossPerMille = 0;
        foreach (TestNode node in cluster.Nodes.Where(node => node.Running is null))
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled && calls.All(call => call.IsComplete));
        cluster.AssertReplicasBecomeEqual();
        TestCall total = cluster.Leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => total.IsComplete);
        int acknowledged = calls.Count(call => call.Status == ReplyStatus.Ok);
        int perhaps = calls.Count(call => call.Status == ReplyStatus.OutcomeUnknown);
        Assert.True(acknowledged > 0);
        Assert.InRange(total.Number, acknowledged, acknowledged + perhaps);
        cluster.AssertAllCallsEnded();
    }

    private static (long Turns, long Delivered, UInt128? Hash) Run(ulong seed)
    {
        TestCluster cluster = TestCluster.Formed(3, seed);
        cluster.Network.LossPerMille = 20;
        for (int i = 0; i < 50; i++)
        {
            cluster.Nodes[i % 3].Command(Tally.Add("k" + (i % 7), i));
            cluster.RunFor(7);
        }

        return (cluster.Scheduler.Turns, cluster.Network.Delivered, cluster.Nodes[0].Inspect().ApplyHash);
    }
}
