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

public sealed class ThreadedNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_on_real_threads_answers_callers_of_many_threads_and_stops_cleanly()
    {
        using var scheduler = new ThreadedScheduler(new SystemClock());
        ReplicatedNode node = NewNode(scheduler);
        node.Start();
        await Until(() => node.Status.Groups.Any(group => group is { Name: "tally", Role: RaftRole.Leader }));
        const int Callers = 4;
        const int Calls = 250;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Calls; i++)
                {
                    using var call = new WaitedCall { Kind = RequestKind.Command, Payload = Payload.Of(Tally.Add("a", 1)) };
                    node.Submit(call);
                    Assert.Equal(ReplyStatus.Ok, call.Wait(Patience));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        using var total = new WaitedCall { Kind = RequestKind.Query, Payload = Payload.Of(Tally.TotalOf("a")) };
        node.Submit(total);
        Assert.Equal(ReplyStatus.Ok, total.Wait(Patience));
        Assert.Equal(Callers * Calls, total.Number);
        using var stopped = new ManualResetEventSlim();
        node.Stop(stopped.Set);
        Assert.True(stopped.Wait(Patience));
        Assert.Equal(NodeState.Stopped, node.Status.State);
        using var late = new WaitedCall { Kind = RequestKind.Query };
        node.Submit(late);
        Assert.Equal(ReplyStatus.NodeStopped, late.Wait(Patience));
    }

    [Fact]
    public async Task A_wake_up_is_never_lost_however_it_races_with_parking()
    {
        using var scheduler = new ThreadedScheduler(new SystemClock());
        var counter = new CountingActor();
        IWakeHandle wake = scheduler.Add(counter);
        for (int i = 1; i <= 20_000; i++)
        {
            counter.Ask();
            wake.Wake();
            if (i % 500 == 0)
                await Until(() => counter.Answered == i);
        }

        await Until(() => counter.Answered == 20_000);
        scheduler.Remove(counter);
    }

    [Fact]
    public async Task An_actor_that_asks_to_be_woken_later_is()
    {
        var clock = new SystemClock();
        using var scheduler = new ThreadedScheduler(clock);
        var counter = new CountingActor();
        IWakeHandle wake = scheduler.Add(counter);
        counter.Ask();
        wake.WakeAt(clock.MonotonicMs + 20);
        await Until(() => counter.Answered == 1);
    }

    private static ReplicatedNode NewNode(IScheduler scheduler) => new(
        new NodeOptions
        {
            Name = "n1",
            PeerAddress = "n1:1",
            Raft = new RaftOptions { HeartbeatIntervalMs = 50, ElectionTimeoutMinMs = 200, ElectionTimeoutMaxMs = 400 },
            Storage = new StorageOptions { Path = "/data" },
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
        [new MachineRegistration("tally", StateMachineDefinition.Of<Tally>())]);

    /// <summary>Looks again and again, in real time and bounded.</summary>
    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await timer.WaitForNextTickAsync(patience.Token);
    }

    private sealed class CountingActor : IActor
    {
        private int _asked;

        public string Name => "counter";

        public int Answered { get; private set; }

        public void Ask() => Interlocked.Increment(ref _asked);

        public bool RunOnce()
        {
            Answered += Interlocked.Exchange(ref _asked, 0);
            return false;
        }
    }
}
