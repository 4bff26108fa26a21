using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Snapshots;

public sealed class SnapshotTimingTests
{
    private const long MiB = 1024 * 1024;
    private static readonly RaftOptions Limits = new() { SnapshotThreshold = 1000, SnapshotIntervalMs = 60_000, SnapshotLogBytes = 64 * MiB };

    [Theory]
    [InlineData(1000, 0, 0, 0, 1.0)] // the count of entries
    [InlineData(1, 64 * MiB, 0, 0, 1.0)] // the log's size
    [InlineData(1, 64 * MiB, 128 * MiB, 0, 0.5)] // a large state asks for more log
    [InlineData(1, 0, 0, 90_000, 1.5)] // time
    [InlineData(0, 0, 0, 90_000, 0.0)] // nothing was applied
    [InlineData(500, 16 * MiB, 0, 15_000, 0.5)] // the largest of them
    public void The_pressure_is_one_where_the_first_limit_is_reached(ulong entries, long bytes, long snapshotBytes, long elapsedMs, double expected) =>
        Assert.Equal(expected, SnapshotTiming.Pressure(Limits, entries, bytes, snapshotBytes, elapsedMs), 0.01);

    [Fact]
    public void Limits_of_zero_are_off()
    {
        var off = new RaftOptions { SnapshotThreshold = 0, SnapshotIntervalMs = 0, SnapshotLogBytes = 0 };
        Assert.Equal(0, SnapshotTiming.Pressure(off, 1_000_000, 1_000 * MiB, 0, 1_000_000_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_member_has_its_own_share_and_all_come_before_the_leaders_patience_ends(int members)
    {
        double[] shares = [.. Enumerable.Range(0, members).Select(place => SnapshotTiming.DueAt(place, members))];
        Assert.Equal(members, shares.Distinct().Count());
        Assert.All(shares, share => Assert.InRange(share, 1, SnapshotTiming.LeaderPatience - 0.01));
    }

    [Fact]
    public void Replicas_capture_at_different_indexes_and_the_leader_last()
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Raft);
        TestNode leader = cluster.Leader;
        Dictionary<TestNode, List<ulong>> captures = cluster.Nodes.ToDictionary(node => node, _ => new List<ulong> { 0 });
        Write(cluster, until: () =>
        {
            foreach ((TestNode node, List<ulong> indexes) in captures)
            {
                if (node.Group()!.SnapshotIndex > indexes[^1])
                    indexes.Add(node.Group()!.SnapshotIndex);
            }

            return captures[leader].Count == 5;
        });
        Assert.True(leader.Leads());
        foreach ((ulong before, ulong own) in captures[leader].Zip(captures[leader].Skip(1)))
        {
            Assert.InRange(own - before, 300UL, 599UL);
            // The last follower's report may find the leader at the index where that follower captured, but later.
            Assert.All(captures.Values, indexes => Assert.Contains(indexes, index => index > before && index <= own));
            Assert.Contains(captures.Values, indexes => !indexes.Contains(own));
        }
    }

    [Fact]
    public void A_leader_does_not_wait_for_followers_that_never_capture()
    {
        TestCluster cluster = new(3, raft: Raft);
        foreach (TestNode node in cluster.Nodes.Skip(1))
            node.Options = node.Options with { Raft = Raft with { SnapshotThreshold = 0 } };
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        TestNode leader = cluster.Nodes[0];
        cluster.RunUntil(() => leader.Leads() || Transfer(cluster, leader));
        Write(cluster, until: () => leader.Group()!.SnapshotIndex > 0);
        Assert.InRange(leader.Group()!.SnapshotIndex, 600UL, 700UL);
    }

    [Fact]
    public void A_leader_does_not_wait_for_members_that_are_away()
    {
        TestCluster cluster = TestCluster.Formed(3, raft: Raft);
        cluster.Nodes.First(node => !node.Leads()).Kill();
        cluster.RunFor(1000);
        Write(cluster, until: () => cluster.Leader.Group()!.SnapshotIndex > 0);
        Assert.InRange(cluster.Leader.Group()!.SnapshotIndex, 300UL, 500UL);
    }

    [Fact]
    public void A_follower_that_is_a_little_behind_keeps_the_log_from_being_cut_whenever_that_happens()
    {
        TestCluster cluster = TestCluster.Formed(3, raft: TestCluster.Raft with { SnapshotThreshold = 20, TrailingLogs = 0 });
        cluster.Network.DelayUsMin = 6_000; // most of a heartbeat's interval on the way there and back: it is always a few entries behind
        cluster.Network.DelayUsMax = 8_000;
        TestNode leader = cluster.Leader;
        for (int i = 0; i < 600; i++)
        {
            for (int j = 0; j < 4; j++)
                leader.Command(Tally.Add("a", 1));
            cluster.RunFor(7);
        }

        Assert.True(leader.Leads());
        Assert.True(leader.Group()!.SnapshotIndex > 1500, "the log was cut many times");
        Assert.All(cluster.Nodes, node => Assert.Equal(0, node.Group()!.SnapshotsInstalled));
    }

    private static RaftOptions Raft => TestCluster.Raft with { SnapshotThreshold = 300, TrailingLogs = 1000 };

    private static bool Transfer(TestCluster cluster, TestNode to)
    {
        if (cluster.HasOneLeader)
            cluster.Leader.Carry(Runtime.Node.GroupOperationKind.TransferLeadership, to.Name);
        cluster.RunFor(300);
        return false;
    }

    private static void Write(TestCluster cluster, Func<bool> until)
    {
        for (int i = 0; !until(); i++)
        {
            Assert.True(i < 400, "no snapshot was taken");
            TestCall[] calls = [.. Enumerable.Range(0, 5).Select(k => cluster.Leader.Command(Tally.Add("k" + k, 1)))];
            cluster.RunUntil(() => calls.All(call => call.IsComplete));
            cluster.RunFor(25); // a tick, and a report on its way
        }
    }
}
