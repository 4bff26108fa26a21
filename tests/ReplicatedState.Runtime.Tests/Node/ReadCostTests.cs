using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>How many messages a query costs, as docs/guarantees.md says: a hundred that are asked together share them. Counted on three nodes.</summary>
public sealed class ReadCostTests
{
    private static readonly RaftOptions Leases =
        TestCluster.Raft with { HeartbeatIntervalMs = 500, ElectionTimeoutMinMs = 2000, ElectionTimeoutMaxMs = 4000, LeasePromiseMs = 2000 };

    [Theory]
    [InlineData(ConsistencyLevel.Linearizable, true, 4)] // a heartbeat to each of two, and their answers
    [InlineData(ConsistencyLevel.Linearizable, false, 6)] // and a question and its answer
    [InlineData(ConsistencyLevel.Lease, true, 0)]
    [InlineData(ConsistencyLevel.Lease, false, 2)]
    [InlineData(ConsistencyLevel.BoundedStaleness, true, 0)]
    [InlineData(ConsistencyLevel.BoundedStaleness, false, 0)]
    [InlineData(ConsistencyLevel.Session, true, 0)]
    [InlineData(ConsistencyLevel.Session, false, 0)]
    [InlineData(ConsistencyLevel.Local, true, 0)]
    [InlineData(ConsistencyLevel.Local, false, 0)]
    public void A_query_costs_the_messages_that_the_document_says(ConsistencyLevel level, bool atLeader, int messages)
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Leases);
        TestNode node = cluster.Nodes.First(candidate => candidate.Leads() == atLeader);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 7));
        cluster.RunUntil(() => add.IsComplete && cluster.Nodes.All(replica => replica.Group()!.Applied >= add.Index), withinMs: 60_000);
        TestCall fresh = node.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => fresh.IsComplete, withinMs: 60_000);

        ReadConsistency consistency = level switch
        {
            ConsistencyLevel.Lease => ReadConsistency.Lease,
            ConsistencyLevel.BoundedStaleness => ReadConsistency.BoundedStaleness(TimeSpan.FromMinutes(1)),
            ConsistencyLevel.Session => ReadConsistency.AtLeast(new SessionToken(1, 0, add.Index)),
            ConsistencyLevel.Local => ReadConsistency.Local,
            _ => ReadConsistency.Linearizable,
        };
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            // Whatever the groups have to say by themselves at that moment is not the queries': the quietest moment counts.
            cluster.RunFor(137);
            long before = cluster.Network.Delivered;
            TestCall[] calls = [.. Enumerable.Range(0, 100).Select(_ => node.Query(Tally.TotalOf("a"), consistency))];
            cluster.RunFor(10);
            Assert.All(calls, call => Assert.Equal((1, 7L), (call.Completions, call.Number)));
            least = Math.Min(least, cluster.Network.Delivered - before);
        }

        Assert.Equal(messages, least);
    }
}
