using ReplicatedState.Events;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>Watches at the nodes of a cluster: what they wait for, and how they end.</summary>
public sealed class WatchTests
{
    [Fact]
    public void A_watch_waits_on_any_node_and_is_told_with_the_entry_that_emits()
    {
        TestCluster cluster = TestCluster.Formed(3);
        EventPosition now = Position(cluster, cluster.Leader.Group()!.Applied + 1);
        TestCall[] watches = [.. cluster.Nodes.Select(node => node.Watch(Tally.TextEvent, now))];
        TestCall[] others = [.. cluster.Nodes.Select(node => node.Watch(Tally.NumberEvent, now))];
        cluster.RunFor(200);
        Assert.DoesNotContain(watches, watch => watch.IsComplete);

        ulong index = Emit(cluster, "a", 2);
        cluster.RunUntil(() => watches.All(watch => watch.IsComplete), withinMs: 500);

        Assert.All(watches, watch => Assert.Equal(["a0", "a1"], watch.Events.Texts));
        Assert.All(watches, watch => Assert.Equal(new EventOffset(index + 1, 0), watch.Events.Next));
        Assert.DoesNotContain(others, watch => watch.IsComplete);
    }

    [Fact]
    public void What_has_been_emitted_already_is_told_at_once()
    {
        TestCluster cluster = TestCluster.Formed(3);
        ulong index = Emit(cluster, "a", 3);
        TestCall watch = cluster.Leader.Watch(Tally.TextEvent, Position(cluster, index, 1));
        Assert.Equal(["a1", "a2"], watch.Events.Texts);
    }

    [Fact]
    public void Now_comes_after_every_command_that_was_acknowledged_before_on_any_node()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        Emit(cluster, "before");
        TestCall now = follower.Watch(Tally.TextEvent, EventPosition.Now);
        cluster.RunUntil(() => now.IsComplete, withinMs: 500);
        Assert.Empty(now.Events.Found);
        ulong index = Emit(cluster, "after");
        Assert.True(now.Events.Next.Index <= index);

        TestCall watch = follower.Watch(Tally.TextEvent, Position(cluster, now.Events.Next.Index));
        cluster.RunUntil(() => watch.IsComplete, withinMs: 500);
        Assert.Equal(["after0"], watch.Events.Texts);
    }

    [Fact]
    public void A_watch_for_which_nothing_comes_ends_with_an_empty_page_that_leads_on()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        ulong applied = follower.Group()!.Applied;
        TestCall watch = follower.Watch(Tally.TextEvent, Position(cluster, applied + 1), deadlineMs: cluster.Clock.MonotonicMs + 2_000);
        TestCall add = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => watch.IsComplete, withinMs: 1_900);

        Assert.Equal(ReplyStatus.Ok, watch.Status);
        Assert.Empty(watch.Events.Found);
        Assert.True(watch.Events.Next.Index > add.Index);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_watch_on_a_node_that_is_cut_off_is_sent_elsewhere()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        TestCall watch = follower.Watch(Tally.TextEvent, Position(cluster, follower.Group()!.Applied + 1), deadlineMs: cluster.Clock.MonotonicMs + 2_000);
        foreach (TestNode other in cluster.Nodes.Where(other => other != follower))
        {
            cluster.Network.Cut(follower.Address, other.Address);
            cluster.Network.Cut(other.Address, follower.Address);
        }

        Emit(cluster, "unheard");
        cluster.RunUntil(() => watch.IsComplete, withinMs: 2_100);
        Assert.Contains(watch.Status, new[] { ReplyStatus.NotLeader, ReplyStatus.NoLeader, ReplyStatus.DeadlineExceeded });
    }

    [Fact]
    public void A_watch_from_before_the_oldest_event_is_told_how_far_behind_it_is()
    {
        TestCluster cluster = TestCluster.Formed(3);
        ulong first = Emit(cluster, "first");
        for (int i = 0; i < 17; i++)
            Emit(cluster, "x", EventLog.EmittedCountMax);
        TestCall watch = cluster.Leader.Watch(Tally.TextEvent, Position(cluster, first));
        Assert.Equal(ReplyStatus.TooFarBehind, watch.Status);
        EventPosition oldest = EventPosition.Parse(watch.Code!);
        Assert.True(oldest.Index > first);
        Assert.Contains("Read the state anew", watch.Message, StringComparison.Ordinal);
        Assert.Equal(ReplyStatus.Ok, cluster.Leader.Watch(Tally.TextEvent, oldest).Status);
    }

    [Fact]
    public void A_position_of_another_group_or_epoch_is_refused()
    {
        TestCluster cluster = TestCluster.Formed(3);
        EventPosition here = Position(cluster, 5);
        TestCall group = cluster.Leader.Watch(Tally.TextEvent, here with { Group = here.Group + 1 });
        TestCall epoch = cluster.Leader.Watch(Tally.TextEvent, here with { Epoch = 1 });
        Assert.Equal((ReplyStatus.InvalidConsistency, ReplyStatus.InvalidConsistency), (group.Status, epoch.Status));
        Assert.Contains("is one among the events of group", group.Message, StringComparison.Ordinal);
        Assert.Contains("recovered by force", epoch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Watches_end_with_the_machine_and_with_the_node()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = cluster.Nodes.First(node => !node.Leads());
        EventPosition next = Position(cluster, follower.Group()!.Applied + 1);
        TestCall onLeader = cluster.Leader.Watch(Tally.TextEvent, next);
        TestCall onFollower = follower.Watch(Tally.TextEvent, next);
        cluster.Scheduler.RunUntilIdle();
        follower.Kill();
        Assert.Equal(ReplyStatus.NodeStopped, onFollower.Status);

        TestCall poison = cluster.Leader.Command(Tally.Throw("io"));
        cluster.RunUntil(() => poison.IsComplete && onLeader.IsComplete, withinMs: 2_000);
        Assert.Equal(ReplyStatus.MachineHalted, onLeader.Status);
        cluster.AssertAllCallsEnded();
    }

    private static ulong Emit(TestCluster cluster, string text, int times = 1)
    {
        TestCall call = cluster.Leader.Command(Tally.Emit(text, times));
        cluster.RunUntil(() => call.IsComplete);
        Assert.Equal(ReplyStatus.Ok, call.Status);
        return call.Index;
    }

    private static EventPosition Position(TestCluster cluster, ulong index, int ordinal = 0) => new(cluster.Leader.Group()!.Group.Value, 0, index, ordinal);
}
