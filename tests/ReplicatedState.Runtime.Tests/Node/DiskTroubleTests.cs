using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class DiskTroubleTests
{
    [Fact]
    public void A_failed_sync_stops_the_node_with_a_sentence_and_acknowledges_nothing()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestNode node = cluster.Leader;
        NodeFailure? heard = null;
        node.Running!.OnFailed = failure => heard = failure;
        node.Store.FailsOnSync = true;
        TestCall call = node.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => node.Running.Status.State == NodeState.Failed && heard is not null);
        Assert.Equal(ReplyStatus.OutcomeUnknown, call.Status);
        Assert.Contains("lets the sync fail", heard!.Sentence, StringComparison.Ordinal);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void When_the_leaders_disk_fails_the_others_elect_and_keep_what_was_acknowledged()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode old = cluster.Leader;
        TestCall before = old.Command(Tally.Add("a", 4));
        cluster.RunUntil(() => before.IsComplete);
        old.Store.FailsOnSync = true;
        TestCall call = old.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => old.Running!.Status.State == NodeState.Failed);
        Assert.NotEqual(ReplyStatus.Ok, call.IsComplete ? call.Status : ReplyStatus.OutcomeUnknown);
        cluster.RunUntil(() => cluster.Nodes.Any(node => node != old && node.Leads()));
        TestCall query = cluster.Nodes.Single(node => node != old && node.Leads()).Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => query.IsComplete);
        Assert.InRange(query.Number, 4, 5);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_second_node_on_the_same_data_directory_is_refused()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestNode node = cluster.Leader;
        Assert.Throws<StorageFailedException>(node.Start);
    }
}
