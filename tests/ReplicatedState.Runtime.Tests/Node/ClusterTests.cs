using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class ClusterTests
{
    [Fact]
    public void One_node_without_peers_forms_a_cluster_of_itself_and_answers()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 5));
        cluster.RunUntil(() => add.IsComplete);
        Assert.Equal(ReplyStatus.Ok, add.Status);
        Assert.Equal(5, add.Number);
        TestCall total = cluster.Leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => total.IsComplete);
        Assert.Equal(5, total.Number);
    }

    [Fact]
    public void Three_nodes_form_one_cluster_elect_a_leader_and_replicate()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Assert.Single(cluster.Nodes.Select(node => node.Running!.Status.Identity!.ClusterGuid).Distinct());
        TestCall[] calls = [.. Enumerable.Range(1, 100).Select(_ => cluster.Leader.Command(Tally.Add("a", 1)))];
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        Assert.All(calls, call => Assert.Equal(ReplyStatus.Ok, call.Status));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), calls.Select(call => call.Number));
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_follower_names_the_leader_for_commands_and_answers_linearizable_queries_itself()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        TestCall refused = follower.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => refused.IsComplete);
        Assert.Equal(ReplyStatus.NotLeader, refused.Status);
        Assert.Equal(cluster.Leader.Name, refused.LeaderName);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 7));
        cluster.RunUntil(() => add.IsComplete);
        TestCall query = follower.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.Equal(ReplyStatus.Ok, query.Status);
        Assert.Equal(7, query.Number);
    }

    [Fact]
    public void Acknowledged_commands_survive_the_loss_of_the_leader()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode old = cluster.Leader;
        TestCall add = old.Command(Tally.Add("a", 3));
        cluster.RunUntil(() => add.IsComplete);
        old.Kill();
        cluster.RunUntil(() => cluster.IsSettled);
        TestCall query = cluster.Leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.Equal(3, query.Number);
        old.Start();
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void The_whole_cluster_restarts_from_disk_with_everything_it_acknowledged()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 11));
        cluster.RunUntil(() => add.IsComplete);
        Guid? guid = cluster.Leader.Running!.Status.Identity!.ClusterGuid;
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        TestCall query = cluster.Leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.Equal(11, query.Number);
        Assert.Equal(guid, cluster.Leader.Running!.Status.Identity!.ClusterGuid);
    }

    [Fact]
    public void A_command_of_a_session_is_executed_once_however_often_it_is_sent()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestCall open = cluster.Leader.OpenSession();
        cluster.RunUntil(() => open.IsComplete);
        Assert.Equal(ReplyStatus.Ok, open.Status);
        TestCall first = cluster.Leader.Command(Tally.Add("a", 5), session: open.Index, sequence: 1);
        TestCall again = cluster.Leader.Command(Tally.Add("a", 5), session: open.Index, sequence: 1);
        cluster.RunUntil(() => first.IsComplete && again.IsComplete);
        Assert.Equal(5, first.Number);
        Assert.Equal(5, again.Number);
    }

    [Fact]
    public void A_follower_that_is_behind_the_log_catches_up_by_snapshot()
    {
        RaftOptions raft = TestCluster.Raft with { SnapshotThreshold = 50, TrailingLogs = 10 };
        TestCluster cluster = TestCluster.Formed(3, raft: raft);
        TestNode straggler = cluster.Nodes.First(node => !node.Leads());
        straggler.Kill();
        for (int round = 0; round < 30; round++)
        {
            TestCall[] calls = [.. Enumerable.Range(1, 20).Select(i => cluster.Leader.Command(Tally.Add("k" + i, 1)))];
            cluster.RunUntil(() => calls.All(call => call.IsComplete));
            Assert.All(calls, call => Assert.Equal(ReplyStatus.Ok, call.Status));
        }

        cluster.RunUntil(() => cluster.Leader.Group()!.FirstIndex > 100);
        straggler.Start();
        cluster.AssertReplicasBecomeEqual();
        Assert.True(straggler.Inspect().SnapshotIndex > 100, "it caught up by snapshot");

        straggler.Kill();
        straggler.Start();
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_node_that_stops_hands_leadership_over_first()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode old = cluster.Leader;
        bool stopped = false;
        ReplicatedNode node = old.Running!;
        node.Stop(() => stopped = true);
        cluster.RunUntil(() => stopped, withinMs: 1000);
        Assert.Equal(NodeState.Stopped, node.Status.State);
        cluster.RunUntil(() => cluster.Nodes.Any(other => other != old && other.Leads()), withinMs: TestCluster.Raft.ElectionTimeoutMinMs / 2);
    }
}
