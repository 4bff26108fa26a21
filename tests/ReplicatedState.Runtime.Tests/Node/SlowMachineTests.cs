using Microsoft.Extensions.Logging.Abstractions;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>Machines whose calls take time, virtual or real.</summary>
public sealed class SlowMachineTests : IDisposable
{
    private const string Other = "other";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public void Dispose() => HookedTally.Hook = null;

    [Fact]
    public void A_machine_whose_commands_become_slow_leaves_the_shard_and_comes_back_when_they_are_quick_again()
    {
        TestCluster cluster = OneNode();
        TestNode node = cluster.Leader;
        Run(node, cluster, ApplyCallsOfProbation);
        long atRest = node.Group()!.ApplyHandOvers;
        Run(node, cluster, 100);
        Assert.Equal(atRest, node.Group()!.ApplyHandOvers);

        HookedTally.Hook = call => cluster.Clock.AdvanceTo(cluster.Clock.NowUs + (call == "apply" ? 1_500 : 0));
        Run(node, cluster, 10);
        long slow = node.Group()!.ApplyHandOvers;
        Assert.InRange(slow - atRest, 7, 10);

        HookedTally.Hook = null;
        Run(node, cluster, ApplyCallsOfProbation);
        cluster.RunFor(3000);
        long back = node.Group()!.ApplyHandOvers;
        Run(node, cluster, 100);
        Assert.Equal(back, node.Group()!.ApplyHandOvers);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void What_is_committed_behind_a_slow_command_is_left_to_the_worker_at_once()
    {
        TestCluster cluster = OneNode();
        TestNode node = cluster.Leader;
        Run(node, cluster, ApplyCallsOfProbation);
        long before = node.Group()!.ApplyHandOvers;
        HookedTally.Hook = call => cluster.Clock.AdvanceTo(cluster.Clock.NowUs + (call == "apply" ? 30 : 0));
        TestCall[] calls = [.. Enumerable.Range(0, 60).Select(_ => node.Command(Tally.Add("b", 1), machine: TestCluster.Machine))];
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (long)i), calls.Select(call => call.Number));
        cluster.RunFor(100);
        Assert.InRange(node.Group()!.ApplyHandOvers - before, 1, 3);
    }

    [Fact]
    public void Slow_queries_move_to_the_worker_too()
    {
        TestCluster cluster = OneNode();
        TestNode node = cluster.Leader;
        Run(node, cluster, ApplyCallsOfProbation);
        long before = node.Group()!.ApplyHandOvers;
        HookedTally.Hook = call => cluster.Clock.AdvanceTo(cluster.Clock.NowUs + (call == "query" ? 150 : 0));
        TestCall[] queries = [.. Enumerable.Range(0, 50).Select(_ => node.Query(Tally.TotalOf("a"), machine: TestCluster.Machine))];
        cluster.RunUntil(() => queries.All(call => call.IsComplete));
        Assert.All(queries, query => Assert.Equal(ApplyCallsOfProbation, query.Number));
        cluster.RunFor(100);
        Assert.Equal(before + 1, node.Group()!.ApplyHandOvers);
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void How_long_a_capture_paused_the_machine_is_told()
    {
        TestCluster cluster = OneNode();
        TestNode node = cluster.Leader;
        Run(node, cluster, 10);
        Assert.Equal(0, node.Group()!.CapturePauseUs);
        HookedTally.Hook = call => cluster.Clock.AdvanceTo(cluster.Clock.NowUs + (call == "write" ? 12_345 : 0));
        node.Carry(GroupOperationKind.Snapshot);
        cluster.RunUntil(() => node.Group()!.SnapshotIndex > 0);
        Assert.Equal(12_345, node.Group()!.CapturePauseUs);
    }

    [Fact]
    public async Task On_real_threads_a_command_that_blocks_holds_up_neither_the_other_group_of_the_shard_nor_the_groups_own_log()
    {
        using var scheduler = new ThreadedScheduler(new SystemClock());
        using var entered = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        HookedTally.Hook = call =>
        {
            if (call != "apply")
                return;
            entered.Set();
            Assert.True(gate.Wait(Patience));
        };
        ReplicatedNode node = NewNode(scheduler);
        node.Start();
        await Until(() => node.Status.Groups.Count(group => group.Role == RaftRole.Leader) == 3);
        using var blocked = WaitedCall.Command(TestCluster.Machine);
        node.Submit(blocked);
        Assert.True(entered.Wait(Patience));
        for (int i = 0; i < 100; i++)
        {
            using var other = WaitedCall.Command(Other);
            node.Submit(other);
            Assert.Equal(ReplyStatus.Ok, other.Wait(Patience));
        }

        using var behind = WaitedCall.Command(TestCluster.Machine);
        node.Submit(behind);
        await Until(() => node.Status.Groups.Any(group => group is { Name: TestCluster.Machine, Role: RaftRole.Leader } && group.Commit >= group.Applied + 2));
        Assert.False(blocked.IsComplete);
        Assert.False(behind.IsComplete);
        gate.Set();
        Assert.Equal(ReplyStatus.Ok, blocked.Wait(Patience));
        Assert.Equal(ReplyStatus.Ok, behind.Wait(Patience));
        using var stopped = new ManualResetEventSlim();
        node.Stop(stopped.Set);
        Assert.True(stopped.Wait(Patience));
    }

    [Fact]
    public async Task On_real_threads_a_local_query_that_blocks_holds_up_its_caller_and_nobody_else()
    {
        using var scheduler = new ThreadedScheduler(new SystemClock());
        using var entered = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        ReplicatedNode node = NewNode(scheduler);
        node.Start();
        await Until(() => node.Status.Groups.Count(group => group.Role == RaftRole.Leader) == 3);
        for (int i = 0; i < ApplyCallsOfProbation; i++)
        {
            using var call = WaitedCall.Command(TestCluster.Machine);
            node.Submit(call);
            Assert.Equal(ReplyStatus.Ok, call.Wait(Patience));
        }

        HookedTally.Hook = call =>
        {
            if (call != "query")
                return;
            entered.Set();
            Assert.True(gate.Wait(Patience));
        };
        using var query = new WaitedCall { Kind = RequestKind.Query, Consistency = ReadConsistency.Local, Machine = TestCluster.Machine, Payload = Payload.Of(Tally.TotalOf("a")) };
        var caller = new Thread(() => node.Submit(query));
        caller.Start();
        Assert.True(entered.Wait(Patience));
        using var behind = WaitedCall.Command(TestCluster.Machine);
        node.Submit(behind);
        for (int i = 0; i < 100; i++)
        {
            using var other = WaitedCall.Command(Other);
            node.Submit(other);
            Assert.Equal(ReplyStatus.Ok, other.Wait(Patience));
        }

        Assert.False(behind.IsComplete);
        gate.Set();
        Assert.Equal(ReplyStatus.Ok, query.Wait(Patience));
        Assert.Equal(ReplyStatus.Ok, behind.Wait(Patience));
        caller.Join();
        using var stopped = new ManualResetEventSlim();
        node.Stop(stopped.Set);
        Assert.True(stopped.Wait(Patience));
    }

    private const int ApplyCallsOfProbation = Shards.ApplyPace.ProbationCalls;

    private static void Run(TestNode node, TestCluster cluster, int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            TestCall call = node.Command(Tally.Add("a", 1), machine: TestCluster.Machine);
            cluster.RunUntil(() => call.IsComplete);
            Assert.Equal(ReplyStatus.Ok, call.Status);
        }

        cluster.RunFor(100); // until the next status is published
    }

    private static TestCluster OneNode()
    {
        var cluster = new TestCluster(1);
        cluster.Nodes[0].Machines = [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<HookedTally>())];
        cluster.Nodes[0].Start();
        cluster.RunUntil(() => cluster.IsSettled);
        return cluster;
    }

    private static ReplicatedNode NewNode(IScheduler scheduler) => new(
        new NodeOptions
        {
            Name = "n1",
            PeerAddress = "n1:1",
            Raft = new RaftOptions { HeartbeatIntervalMs = 50, ElectionTimeoutMinMs = 200, ElectionTimeoutMaxMs = 400 },
            Storage = new StorageOptions { Path = "/data" },
            Shards = 1,
        },
        new NodeServices
        {
            OpenLogStore = _ => new MemoryLogStore(),
            Disk = new SimulatedDisk(1),
            Transport = new Loneliness(),
            Scheduler = scheduler,
            Clock = new SystemClock(),
            Entropy = new SystemEntropy(),
            Loggers = NullLoggerFactory.Instance,
        },
        [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<HookedTally>()), new MachineRegistration(Other, StateMachineDefinition.Of<Tally>())]);

    /// <summary>Looks again and again, in real time and bounded.</summary>
    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await timer.WaitForNextTickAsync(patience.Token);
    }
}
