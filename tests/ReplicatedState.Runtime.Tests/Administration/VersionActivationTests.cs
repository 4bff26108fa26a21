using MessagePack;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Administration;

public sealed class VersionActivationTests
{
    [Fact]
    public void A_version_takes_effect_at_one_entry_once_every_node_has_it_and_an_operator_orders_it()
    {
        TestCluster cluster = OldCluster();
        Assert.Equal(1, cluster.Leader.Group()!.MachineVersion);
        TestNode last = cluster.Nodes[2];
        foreach (TestNode node in cluster.Nodes.Where(node => node != last))
            Install<Second>(cluster, node);
        Order(cluster, AdministrationStatus.Refused, $"'{last.Name}' has version 1");
        Install<Second>(cluster, last);
        cluster.RunFor(5_000);
        Assert.Equal(1, cluster.Leader.Group()!.MachineVersion);
        Assert.Equal(2, cluster.Leader.Group()!.BinaryVersion);

        TestCall before = Run(cluster, Tally.Describe());
        TestCall early = cluster.Leader.Command(VersionedTally<Second>.Count());
        cluster.RunUntil(() => early.IsComplete);
        Assert.Equal(ReplyStatus.UnknownCommand, early.Status);
        Order(cluster, AdministrationStatus.Done, "Version 2");
        TestCall after = Run(cluster, Tally.Describe());
        Assert.Equal(1, Run(cluster, VersionedTally<Second>.Count()).Number);

        Assert.Equal((1, 2), (VersionSeen(before), VersionSeen(after)));
        cluster.AssertReplicasBecomeEqual();
        Assert.All(cluster.Nodes, node => Assert.Equal(2, node.Group()!.MachineVersion));
        Order(cluster, AdministrationStatus.Done, "Version 2");
        Order(cluster, AdministrationStatus.Refused, "only go up", version: 1);
    }

    [Fact]
    public void Until_a_version_is_activated_every_node_may_go_back_to_its_earlier_binary()
    {
        TestCluster cluster = OldCluster();
        foreach (TestNode node in cluster.Nodes)
            Install<Second>(cluster, node);
        Fill(cluster);
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group()!.SnapshotIndex > 100));
        foreach (TestNode node in cluster.Nodes)
            Install<First>(cluster, node);
        Fill(cluster);
        cluster.AssertReplicasBecomeEqual();
        Assert.All(cluster.Nodes, node => Assert.Null(node.Group()!.HaltReason));
        Order(cluster, AdministrationStatus.Refused, "has version 1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_binary_that_lacks_the_version_in_effect_votes_and_stores_and_serves_nothing(bool fromSnapshot)
    {
        TestCluster cluster = OldCluster();
        foreach (TestNode node in cluster.Nodes)
            Install<Second>(cluster, node);
        TestNode old = cluster.Nodes.First(node => !node.Leads());
        old.Kill();
        // What a member said last counts while it is away, and this one will have gone back.
        Assert.Equal(AdministrationStatus.Done, Await(cluster, cluster.Leader.Administer(AdministrationAction.ActivateVersion, version: 2)).Outcome!.Status);
        if (fromSnapshot)
        {
            Fill(cluster);
            cluster.RunUntil(() => cluster.Leader.Group()!.FirstIndex > 50);
        }

        Install<First>(cluster, old, settled: false);
        cluster.RunUntil(() => old.Group()?.HaltReason is not null);
        Assert.Contains("machine version 2 is in effect and this binary has version 1", old.Group()!.HaltReason, StringComparison.Ordinal);
        TestCall local = old.Query(Tally.TotalOf("k1"), ReadConsistency.Local);
        Assert.Equal(ReplyStatus.MachineHalted, local.Status);

        // It counts: with one of the other two gone, nothing is decided without its vote and its disk.
        TestNode gone = cluster.Nodes.First(node => node != old && !node.Leads());
        gone.Kill();
        Run(cluster, Tally.Add("a", 1));
        gone.Start();

        Install<Second>(cluster, old, settled: false);
        cluster.RunUntil(() => cluster.IsSettled);
        Run(cluster, VersionedTally<Second>.Count());
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_binary_that_lacks_the_version_in_effect_gives_leadership_away_so_that_the_others_can_go_on()
    {
        TestCluster cluster = OldCluster();
        foreach (TestNode node in cluster.Nodes)
            Install<Second>(cluster, node);
        Order(cluster, AdministrationStatus.Done, "Version 2");
        TestNode old = cluster.Nodes[0];
        Install<First>(cluster, old, settled: false);
        cluster.RunUntil(() => old.Group()?.HaltReason is not null && cluster.HasOneLeader);
        for (int round = 0; round < 6; round++)
        {
            // Its log may be the only one that has everything: then it is elected, and hands over when another's has.
            cluster.RunUntil(() => cluster.HasOneLeader && cluster.Leader != old);
            TestNode leader = cluster.Leader;
            leader.Kill();
            Run(cluster, VersionedTally<Second>.Count());
            leader.Start();
            cluster.RunUntil(() => cluster.IsSettled);
        }
    }

    [Fact]
    public void A_newcomer_without_the_version_in_effect_is_refused_and_taken_in_with_it()
    {
        TestCluster cluster = OldCluster();
        foreach (TestNode node in cluster.Nodes)
            Install<Second>(cluster, node);
        Order(cluster, AdministrationStatus.Done, "Version 2");
        TestNode newcomer = cluster.AddNewcomer();
        newcomer.Machines = MachinesOf<First>();
        newcomer.Start();
        TestNode.Order order = Await(cluster, cluster.Leader.Administer(AdministrationAction.AddMember, newcomer.Name));
        Assert.Equal(AdministrationStatus.Refused, order.Outcome!.Status);
        Assert.Contains("version 2 is in effect", order.Outcome.Message, StringComparison.Ordinal);

        newcomer.Kill();
        newcomer.Machines = MachinesOf<Second>();
        newcomer.Start();
        Assert.Equal(AdministrationStatus.Done, Await(cluster, cluster.Leader.Administer(AdministrationAction.AddMember, newcomer.Name)).Outcome!.Status);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void Where_the_configuration_says_so_a_version_takes_effect_by_itself_when_the_last_node_has_it()
    {
        TestCluster cluster = OldCluster(auto: true);
        Install<Second>(cluster, cluster.Nodes[0]);
        Install<Second>(cluster, cluster.Nodes[1]);
        cluster.RunFor(5_000);
        Assert.Equal(1, cluster.Leader.Group()!.MachineVersion);
        Install<Second>(cluster, cluster.Nodes[2]);
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Group()?.MachineVersion == 2));
        Run(cluster, VersionedTally<Second>.Count());
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_version_whose_migration_throws_on_the_state_is_refused_before_it_halts_anything()
    {
        TestCluster cluster = OldCluster();
        foreach (TestNode node in cluster.Nodes)
            Install<SecondWithMigration>(cluster, node);
        Run(cluster, Tally.Add(SecondWithMigration.Poison, 1));
        Order(cluster, AdministrationStatus.Refused, "the migration to version 2 threw System.InvalidOperationException on the state behind entry");
        Order(cluster, AdministrationStatus.Refused, "There is poison in it.");
        Assert.All(cluster.Nodes, node => Assert.Equal((1, null), (node.Group()!.MachineVersion, node.Group()!.HaltReason)));
        Run(cluster, Tally.Add(SecondWithMigration.Poison, -1));
        cluster.AssertReplicasBecomeEqual(); // the trials have left nothing, least of all an event on one replica
        Order(cluster, AdministrationStatus.Done, "Version 2");
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_version_that_takes_effect_by_itself_waits_until_its_migration_succeeds()
    {
        TestCluster cluster = OldCluster(auto: true);
        Run(cluster, Tally.Add(SecondWithMigration.Poison, 1));
        foreach (TestNode node in cluster.Nodes)
            Install<SecondWithMigration>(cluster, node);
        cluster.RunFor(10_000);
        Assert.All(cluster.Nodes, node => Assert.Equal((1, null), (node.Group()!.MachineVersion, node.Group()!.HaltReason)));
        Run(cluster, Tally.Add(SecondWithMigration.Poison, -1));
        cluster.RunFor(70_000);
        Assert.All(cluster.Nodes, node => Assert.Equal(2, node.Group()!.MachineVersion));
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_group_of_nodes_with_different_binaries_begins_with_what_all_of_them_have()
    {
        var cluster = new TestCluster(3);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Machines = node == cluster.Nodes[1] ? MachinesOf<First>() : MachinesOf<Second>();
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        Assert.All(cluster.Nodes, node => Assert.Equal(1, node.Group()!.MachineVersion));
        Assert.All(cluster.Nodes, node => Assert.Null(node.Group()!.HaltReason));
    }

    private static TestCluster OldCluster(bool auto = false)
    {
        var cluster = new TestCluster(3, raft: TestCluster.Raft with { SnapshotThreshold = 50, TrailingLogs = 10 });
        foreach (TestNode node in cluster.Nodes)
        {
            node.Options = node.Options with { Upgrade = new UpgradeOptions { AutoActivate = auto } };
            node.Machines = MachinesOf<First>();
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        return cluster;
    }

    private static MachineRegistration[] MachinesOf<TVersion>()
        where TVersion : ISourceVersion => [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<VersionedTally<TVersion>>())];

    private static void Install<TVersion>(TestCluster cluster, TestNode node, bool settled = true)
        where TVersion : ISourceVersion
    {
        if (node.Running is not null)
            node.Kill();
        node.Machines = MachinesOf<TVersion>();
        node.Start();
        if (settled)
            cluster.RunUntil(() => cluster.IsSettled);
    }

    private static void Order(TestCluster cluster, AdministrationStatus status, string message, int version = 2)
    {
        TestNode.Order order = Await(cluster, cluster.Nodes[0].Administer(AdministrationAction.ActivateVersion, version: version));
        Assert.Equal((status, 1), (order.Outcome!.Status, order.Completions));
        Assert.Contains(message, order.Outcome.Message, StringComparison.Ordinal);
    }

    private static TestNode.Order Await(TestCluster cluster, TestNode.Order order)
    {
        cluster.RunUntil(() => order.Outcome is not null);
        return order;
    }

    private static void Fill(TestCluster cluster)
    {
        for (int i = 0; i < 150; i++)
            Run(cluster, Tally.Add("k" + (i % 7), 1));
    }

    /// <summary>Until it is executed, whoever leads.</summary>
    private static TestCall Run(TestCluster cluster, byte[] command)
    {
        while (true)
        {
            cluster.RunUntil(() => cluster.HasOneLeader);
            TestCall call = cluster.Leader.Command(command);
            cluster.RunUntil(() => call.IsComplete);
            if (call.Status == ReplyStatus.Ok)
                return call;
            Assert.True(call.Status is ReplyStatus.NotLeader or ReplyStatus.NoLeader or ReplyStatus.Overloaded or ReplyStatus.OutcomeUnknown or ReplyStatus.MachineHalted, $"{call.Status} {call.Message}");
            cluster.RunFor(100); // a leader that can't serve hands over in a while, and refuses at once until then
        }
    }

    private static int VersionSeen(TestCall described)
    {
        var reader = new MessagePackReader(described.Body);
        Assert.Equal(6, reader.ReadArrayHeader());
        for (int i = 0; i < 3; i++)
            reader.Skip();
        return reader.ReadInt32();
    }
}
