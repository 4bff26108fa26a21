using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class FormationTests
{
    [Fact]
    public void Nothing_is_formed_while_a_configured_peer_is_missing()
    {
        var cluster = new TestCluster(3);
        cluster.Nodes[0].Start();
        cluster.Nodes[1].Start();
        cluster.RunFor(5_000);
        Assert.All(cluster.Nodes.Take(2), node => Assert.Equal(NodeState.Waiting, node.Running!.Status.State));
        cluster.Nodes[2].Start();
        cluster.RunUntil(() => cluster.IsSettled);
        Assert.Single(cluster.Nodes.Select(node => node.Running!.Status.Identity!.ClusterGuid).Distinct());
    }

    [Fact]
    public void Nodes_that_were_told_different_peers_never_form_a_cluster()
    {
        var cluster = new TestCluster(3);
        TestNode odd = cluster.Nodes[2];
        odd.Options = odd.Options with { Peers = [.. odd.Options.Peers, new PeerAddress("n4", "n4:1")] };
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunFor(5_000);
        Assert.All(cluster.Nodes, node => Assert.Equal(NodeState.Waiting, node.Running!.Status.State));
    }

    [Fact]
    public void Nodes_of_another_label_are_refused()
    {
        var cluster = new TestCluster(2);
        cluster.Nodes[1].Options = cluster.Nodes[1].Options with { ClusterLabel = "another" };
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunFor(5_000);
        Assert.All(cluster.Nodes, node => Assert.Equal(NodeState.Waiting, node.Running!.Status.State));
    }

    [Fact]
    public void A_member_that_crashed_before_it_heard_of_the_formation_is_offered_the_cluster_again()
    {
        var cluster = new TestCluster(3);
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        // The founder's frames to n3 are lost from the moment that the streams stand.
        cluster.RunUntil(() => cluster.Nodes[0].Running!.Status.Identity!.ClusterGuid is not null || Disconnect(cluster));
        cluster.RunUntil(() => cluster.Nodes[0].Running!.Status.Identity!.ClusterGuid is not null);
        TestNode late = cluster.Nodes[2];
        late.Kill();
        cluster.RunFor(1_000);
        cluster.Network.Heal();
        late.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        Assert.Equal(cluster.Nodes[0].Running!.Status.Identity!.ClusterGuid, late.Running!.Status.Identity!.ClusterGuid);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_founder_that_crashed_before_it_told_anybody_goes_on_with_the_same_cluster()
    {
        var cluster = new TestCluster(3);
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        TestNode founder = cluster.Nodes[0];
        cluster.RunUntil(() => founder.Running!.Status.Identity!.ClusterGuid is not null || Disconnect(cluster));
        cluster.RunUntil(() => founder.Running!.Status.Identity!.ClusterGuid is not null);
        Guid? cluster1 = founder.Running!.Status.Identity!.ClusterGuid;
        founder.Kill();
        cluster.RunFor(5_000);
        Assert.Null(cluster.Nodes[2].Running!.Status.Identity!.ClusterGuid);
        cluster.Network.Heal();
        founder.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        Assert.All(cluster.Nodes, node => Assert.Equal(cluster1, node.Running!.Status.Identity!.ClusterGuid));
    }

    [Fact]
    public void A_wiped_node_under_its_old_name_is_refused_and_the_others_go_on()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode wiped = cluster.Nodes.First(node => !node.Leads());
        wiped.Kill();
        wiped.Wipe();
        wiped.Start();
        cluster.RunFor(5_000);
        Assert.Equal(NodeState.Waiting, wiped.Running!.Status.State);
        Assert.Null(wiped.Running.Status.Identity!.ClusterGuid);
        Assert.True(cluster.HasOneLeader);
    }

    [Fact]
    public void A_data_directory_of_another_name_is_refused()
    {
        var cluster = new TestCluster(1);
        cluster.Nodes[0].Start();
        cluster.Nodes[0].Kill();
        cluster.Nodes[0].Options = cluster.Nodes[0].Options with { Name = "another" };
        InvalidConfigurationException refused = Assert.Throws<InvalidConfigurationException>(cluster.Nodes[0].Start);
        Assert.Contains("'n1'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_comes_back_with_another_address_is_found_there()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode moved = cluster.Nodes.First(node => !node.Leads());
        moved.Kill();
        moved.Options = moved.Options with { PeerAddress = "elsewhere:1" };
        moved.Start();
        cluster.RunUntil(() => cluster.Leader.Running!.Status.Members.Any(member => member.Name == moved.Name && member.PeerAddress == "elsewhere:1" && member.IsConnected));
        cluster.AssertReplicasBecomeEqual();
    }

    /// <summary>Cuts n1's frames to the others as soon as all streams stand; never true, so that it can stand in a condition.</summary>
    private static bool Disconnect(TestCluster cluster)
    {
        if (cluster.Network.LanesOpen == cluster.Nodes.Count * (cluster.Nodes.Count - 1) * 3)
        {
            foreach (TestNode node in cluster.Nodes.Skip(1))
                cluster.Network.Cut("n1:1", node.Address);
        }

        return false;
    }
}
