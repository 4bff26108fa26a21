using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>How recent a state each consistency sees, on leaders and followers, and how its queries end. Leases are in <see cref="LeaseReadTests"/>.</summary>
public sealed class ReadModeTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(ConsistencyLevel.Linearizable)]
    [InlineData(ConsistencyLevel.Lease)]
    [InlineData(ConsistencyLevel.BoundedStaleness)]
    [InlineData(ConsistencyLevel.Session)]
    public void Every_node_shows_a_write_that_it_must(ConsistencyLevel level)
    {
        TestCluster cluster = TestCluster.Formed(3);
        ulong index = Add(cluster, 7);
        cluster.RunFor(1);
        ReadConsistency consistency = Of(level, TimeSpan.FromMilliseconds(1), index);

        TestCall[] calls = [.. cluster.Nodes.Select(node => node.Query(Tally.TotalOf("a"), consistency))];
        cluster.RunUntil(() => calls.All(call => call.IsComplete), withinMs: 1000);

        Assert.All(calls, call => Assert.Equal((ReplyStatus.Ok, 7L), (call.Status, call.Number)));
        Assert.All(calls, call => Assert.True(call.Index >= index));
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_fresh_follower_answers_within_the_bound_though_nobody_can_be_asked()
    {
        TestCluster cluster = TestCluster.Formed(3);
        Add(cluster, 1);
        TestNode follower = Follower(cluster);
        Answered(cluster, follower, ReadConsistency.Linearizable);
        Isolate(cluster, follower);

        cluster.RunFor(400);
        TestCall within = follower.Query(Tally.TotalOf("a"), ReadConsistency.BoundedStaleness(Bound));
        cluster.Scheduler.RunUntilIdle();
        cluster.RunFor(200);
        TestCall beyond = follower.Query(Tally.TotalOf("a"), ReadConsistency.BoundedStaleness(Bound));
        cluster.RunUntil(() => beyond.IsComplete, withinMs: 1000);

        Assert.Equal((ReplyStatus.Ok, 1L), (within.Status, within.Number));
        Assert.Equal(ReplyStatus.StaleRead, beyond.Status);
        Assert.Contains("at most 500 ms old", beyond.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_follower_that_was_cut_off_is_as_old_as_its_last_answer_and_not_as_its_last_heartbeat()
    {
        // One direction only: it hears its leader and can't ask, so its state is recent and nobody can say how recent.
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = Follower(cluster);
        Answered(cluster, follower, ReadConsistency.Linearizable);
        foreach (TestNode other in cluster.Nodes.Where(other => other != follower))
            cluster.Network.Cut(follower.Address, other.Address);
        cluster.RunFor(600);

        TestCall call = follower.Query(Tally.TotalOf("a"), ReadConsistency.BoundedStaleness(Bound));
        cluster.RunUntil(() => call.IsComplete, withinMs: 1000);

        Assert.Equal(ReplyStatus.StaleRead, call.Status);
    }

    [Fact]
    public void A_stale_follower_asks_instead_of_failing_and_is_fresh_for_others_afterwards()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = Follower(cluster);
        cluster.RunFor(2000);
        Add(cluster, 3);

        TestCall asking = follower.Query(Tally.TotalOf("a"), ReadConsistency.BoundedStaleness(Bound));
        cluster.Scheduler.RunUntilIdle();
        Assert.False(asking.IsComplete);
        cluster.RunUntil(() => asking.IsComplete, withinMs: 1000);
        TestCall next = follower.Query(Tally.TotalOf("a"), ReadConsistency.BoundedStaleness(Bound));
        cluster.Scheduler.RunUntilIdle();

        Assert.Equal((ReplyStatus.Ok, 3L), (asking.Status, asking.Number));
        Assert.Equal((ReplyStatus.Ok, 3L), (next.Status, next.Number));
    }

    [Fact]
    public void A_session_waits_for_its_own_write_on_a_follower_that_lags()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = Follower(cluster);
        cluster.Network.Cut(cluster.Leader.Address, follower.Address);
        ulong index = Add(cluster, 5);

        TestCall session = follower.Query(Tally.TotalOf("a"), AtLeast(cluster, index));
        TestCall local = follower.Query(Tally.TotalOf("a"), ReadConsistency.Local);
        cluster.Scheduler.RunUntilIdle();
        Assert.Equal(0, local.Number);
        Assert.False(session.IsComplete);
        cluster.Network.Heal();
        cluster.RunUntil(() => session.IsComplete, withinMs: 1000);

        Assert.Equal((ReplyStatus.Ok, 5L), (session.Status, session.Number));
    }

    [Fact]
    public void What_is_applied_already_a_session_is_shown_at_once_though_nobody_can_be_asked()
    {
        TestCluster cluster = TestCluster.Formed(3);
        ulong index = Add(cluster, 5);
        TestNode follower = Follower(cluster);
        cluster.RunUntil(() => follower.Group()!.Applied >= index);
        Isolate(cluster, follower);

        TestCall session = follower.Query(Tally.TotalOf("a"), AtLeast(cluster, index));

        Assert.Equal((true, ReplyStatus.Ok, 5L), (session.IsComplete, session.Status, session.Number));
    }

    [Fact]
    public void A_session_that_saw_what_the_group_never_had_is_told_so_on_every_node()
    {
        TestCluster cluster = TestCluster.Formed(3);
        ulong index = Add(cluster, 1);

        TestCall[] calls = [.. cluster.Nodes.Select(node => node.Query(Tally.TotalOf("a"), AtLeast(cluster, index + 1000)))];
        cluster.RunUntil(() => calls.All(call => call.IsComplete), withinMs: 1000);

        Assert.All(calls, call => Assert.Equal(ReplyStatus.InvalidConsistency, call.Status));
        Assert.All(calls, call => Assert.Contains("Begin a new session.", call.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_of_another_group_or_epoch_is_refused_at_once()
    {
        TestCluster cluster = TestCluster.Formed(3);
        SessionToken token = AtLeast(cluster, 1).Token;

        TestCall group = cluster.Leader.Query(Tally.TotalOf("a"), ReadConsistency.AtLeast(token with { Group = token.Group + 1 }));
        TestCall epoch = cluster.Leader.Query(Tally.TotalOf("a"), ReadConsistency.AtLeast(token with { Epoch = 1 }));

        Assert.Equal((ReplyStatus.InvalidConsistency, ReplyStatus.InvalidConsistency), (group.Status, epoch.Status));
        Assert.Contains("is of group", group.Message, StringComparison.Ordinal);
        Assert.Contains("recovered by force", epoch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_waits_ends_with_its_deadline_in_words()
    {
        // The follower can ask, so it knows that there is such an index, and the entries don't come.
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = Follower(cluster);
        cluster.Network.Judge = (_, to, lane, _) => to == follower.Address && lane == Transport.Lane.Bulk ? FrameFate.Lost : FrameFate.Arrives;
        ulong index = Add(cluster, 5);

        TestCall session = follower.Query(Tally.TotalOf("a"), AtLeast(cluster, index), deadlineMs: cluster.Clock.MonotonicMs + 300);
        cluster.RunUntil(() => session.IsComplete, withinMs: 1000);

        Assert.Equal(ReplyStatus.DeadlineExceeded, session.Status);
        Assert.Contains($"before this node had applied what the session has seen: {index}", session.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsistencyLevel.Linearizable, ReplyStatus.NoLeader)]
    [InlineData(ConsistencyLevel.Lease, ReplyStatus.NoLeader)]
    [InlineData(ConsistencyLevel.BoundedStaleness, ReplyStatus.StaleRead)]
    [InlineData(ConsistencyLevel.Session, ReplyStatus.NoLeader)]
    public void Whoever_waits_where_nobody_can_be_asked_is_let_go_without_a_deadline(ConsistencyLevel level, ReplyStatus ending)
    {
        TestCluster cluster = TestCluster.Formed(3);
        ReadConsistency consistency = Of(level, TimeSpan.FromMilliseconds(1), cluster.Leader.Group()!.Applied + 5);
        TestNode leader = cluster.Leader;
        TestNode follower = Follower(cluster);
        Isolate(cluster, leader);
        Isolate(cluster, follower);

        TestCall[] calls = [leader.Query(Tally.TotalOf("a"), consistency), follower.Query(Tally.TotalOf("a"), consistency)];
        cluster.RunUntil(() => calls.All(call => call.IsComplete), withinMs: 2000);

        Assert.All(calls, call => Assert.Contains(call.Status, new[] { ending, ReplyStatus.NotLeader }));
        cluster.AssertAllCallsEnded();
    }

    [Theory]
    [InlineData(ConsistencyLevel.Linearizable)]
    [InlineData(ConsistencyLevel.Lease)]
    [InlineData(ConsistencyLevel.BoundedStaleness)]
    [InlineData(ConsistencyLevel.Session)]
    public void Whoever_waits_is_let_go_by_a_node_that_stops(ConsistencyLevel level)
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode follower = Follower(cluster);
        ReadConsistency consistency = Of(level, TimeSpan.FromMilliseconds(1), cluster.Leader.Group()!.Applied + 5);
        TestCall arrived = follower.Query(Tally.TotalOf("a"), consistency);
        cluster.Scheduler.RunUntilIdle();
        TestCall arriving = follower.Query(Tally.TotalOf("a"), consistency);

        follower.Kill();

        Assert.Equal((ReplyStatus.NodeStopped, ReplyStatus.NodeStopped), (arrived.Status, arriving.Status));
    }

    [Fact]
    public void A_machine_that_halted_answers_nobody_whatever_was_confirmed_before()
    {
        // Trap 44: the leader's word comes in time, and the machine that it is meant for has stopped.
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        TestNode follower = Follower(cluster);
        Add(cluster, 1);
        TestCall poison = leader.Command(Tally.Throw("io"));
        ReadConsistency[] all = [.. Enum.GetValues<ConsistencyLevel>().Select(level => Of(level, TimeSpan.FromSeconds(100), leader.Group()!.Applied + 1))];
        var waiting = new List<TestCall>();
        foreach (TestNode node in new[] { leader, follower })
            waiting.AddRange(all.Where(consistency => consistency.Level != ConsistencyLevel.Local).Select(consistency => node.Query(Tally.TotalOf("a"), consistency)));
        cluster.RunUntil(() => poison.IsComplete && waiting.All(call => call.IsComplete) && cluster.Nodes.All(node => node.Group()!.HaltReason is not null), withinMs: 2000);

        var late = new List<TestCall>();
        foreach (TestNode node in new[] { leader, follower })
            late.AddRange(all.Select(consistency => node.Query(Tally.TotalOf("a"), consistency)));
        cluster.RunUntil(() => late.All(call => call.IsComplete), withinMs: 1000);

        Assert.All(late, call => Assert.Equal(ReplyStatus.MachineHalted, call.Status));
        Assert.All(waiting, call => Assert.Contains(call.Status, new[] { ReplyStatus.MachineHalted, ReplyStatus.Ok }));
        Assert.Contains(waiting, call => call.Status == ReplyStatus.MachineHalted);
        cluster.AssertAllCallsEnded();
    }

    private static ulong Add(TestCluster cluster, long amount)
    {
        TestCall add = cluster.Leader.Command(Tally.Add("a", amount));
        cluster.RunUntil(() => add.IsComplete);
        Assert.Equal(ReplyStatus.Ok, add.Status);
        return add.Index;
    }

    private static void Answered(TestCluster cluster, TestNode node, ReadConsistency consistency)
    {
        TestCall call = node.Query(Tally.TotalOf("a"), consistency);
        cluster.RunUntil(() => call.IsComplete);
        Assert.Equal(ReplyStatus.Ok, call.Status);
    }

    private static ReadConsistency Of(ConsistencyLevel level, TimeSpan bound, ulong index) => level switch
    {
        ConsistencyLevel.Lease => ReadConsistency.Lease,
        ConsistencyLevel.BoundedStaleness => ReadConsistency.BoundedStaleness(bound),
        ConsistencyLevel.Session => ReadConsistency.AtLeast(new SessionToken(1, 0, index)),
        ConsistencyLevel.Local => ReadConsistency.Local,
        _ => ReadConsistency.Linearizable,
    };

    private static ReadConsistency AtLeast(TestCluster cluster, ulong index) => ReadConsistency.AtLeast(new SessionToken(cluster.Leader.Group()!.Group.Value, 0, index));

    private static TestNode Follower(TestCluster cluster) => cluster.Nodes.First(node => !node.Leads());

    private static void Isolate(TestCluster cluster, TestNode node) =>
        cluster.Network.Isolate(node.Address, cluster.Nodes.Where(other => other != node).Select(other => other.Address));
}
