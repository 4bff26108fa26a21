using MessagePack;
using Microsoft.Extensions.Logging.Abstractions;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Testing;
using Xunit.Abstractions;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>What hardware can't change: bytes allocated, threads woken, syncs and frames for what was written.</summary>
public sealed class HotPathTests(ITestOutputHelper output)
{
    [Fact]
    public void A_write_wakes_the_shard_and_the_storage_thread_and_nobody_else()
    {
        TestCluster cluster = TestCluster.Formed(3);
        cluster.RunFor(500);
        const int Writes = 100;
        TestCall[] probation = [.. Enumerable.Range(0, ApplyPace.ProbationCalls).Select(_ => cluster.Leader.Command(Tally.Add("a", 1)))];
        cluster.RunUntil(() => probation.All(call => call.IsComplete));
        cluster.RunFor(500);
        string[] names = ["shard", "storage", "snapshots", "supervisor", "apply"];
        long[] before = [.. names.Select(name => cluster.Scheduler.WakeUps(actor => actor.Name.StartsWith(name, StringComparison.Ordinal)))];
        for (int i = 0; i < Writes; i++)
        {
            TestCall call = cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunUntil(() => call.IsComplete);
        }

        long[] woken = [.. names.Select((name, i) => cluster.Scheduler.WakeUps(actor => actor.Name.StartsWith(name, StringComparison.Ordinal)) - before[i])];
        output.WriteLine($"wake-ups per write on three nodes together: {string.Join(", ", names.Zip(woken, (name, count) => $"{name} {(double)count / Writes:0.00}"))}");
        Assert.Equal(0, woken[2]);
        Assert.Equal(0, woken[3]);
        Assert.Equal(0, woken[4]);
        // Leader and followers write each entry once; the leader's next write may carry a commit index along.
        Assert.InRange(woken[1], Writes, 3 * Writes + 10);
    }

    [Fact]
    public void Many_writes_of_a_moment_share_one_sync_and_one_frame()
    {
        TestCluster cluster = TestCluster.Formed(3);
        cluster.RunFor(500);
        TestNode leader = cluster.Leader;
        long syncs = leader.Store.Syncs;
        TestCall[] calls = [.. Enumerable.Range(0, 100).Select(_ => leader.Command(Tally.Add("a", 1)))];
        long frames = cluster.Network.Delivered;
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        output.WriteLine($"100 writes: {leader.Store.Syncs - syncs} syncs of the leader, {cluster.Network.Delivered - frames} frames between three nodes");
        Assert.InRange(leader.Store.Syncs - syncs, 1, 2);
        Assert.InRange(cluster.Network.Delivered - frames, 2, 16);
    }

    [Fact]
    public void A_batch_of_commands_costs_one_entry_and_one_sync()
    {
        TestCluster cluster = TestCluster.Formed(3);
        cluster.RunFor(500);
        TestNode leader = cluster.Leader;
        long syncs = leader.Store.Syncs;
        ulong last = leader.Group()!.LastIndex;
        TestCall call = leader.Command(EncodedBatch.Of([.. Enumerable.Range(0, 1000).Select(_ => Tally.Add("a", 1))]));
        cluster.RunUntil(() => call.IsComplete);
        Assert.Equal(ReplyStatus.Ok, call.Status);
        Assert.Equal(last + 1, call.Index);
        Assert.Equal(1, leader.Store.Syncs - syncs);
        TestCall total = leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => total.IsComplete);
        Assert.Equal(1000, total.Number);
    }

    [Theory]
    [InlineData(RequestKind.Command)]
    [InlineData(RequestKind.Query)]
    public void The_leaders_path_from_call_to_answer_allocates_next_to_nothing(RequestKind kind)
    {
        var clock = new VirtualClock();
        var random = new SeededRandom(5);
        var manual = new ManualScheduler(clock);
        var measuring = new MeasuringScheduler(manual);
        var network = new InMemoryNetwork(clock, random);
        var store = new ForgetfulLogStore();
        var node = new ReplicatedNode(
            new NodeOptions { Name = "n1", PeerAddress = "n1:1", Raft = TestCluster.Raft with { SnapshotThreshold = 0 }, Storage = new StorageOptions { Path = "/data" }, Shards = 1 },
            new NodeServices
            {
                OpenLogStore = _ => store,
                Disk = new SimulatedDisk(1),
                Transport = network.CreateTransport("n1:1"),
                Scheduler = measuring,
                Clock = clock,
                Entropy = random,
                Loggers = NullLoggerFactory.Instance,
            },
            [new MachineRegistration("blank", StateMachineDefinition.Of<BlankMachine>())]);
        node.Start();
        for (int i = 0; i < 1000 && !node.Status.Groups.Any(group => group is { Name: "blank", Role: RaftRole.Leader }); i++)
        {
            manual.RunUntilIdle();
            clock.AdvanceTo(Math.Max(clock.NowUs, manual.NextWakeMs * 1000));
        }

        store.Forgets = true;
        var calls = new Call[64];
        for (int i = 0; i < calls.Length; i++)
            calls[i] = new Call(kind);
        // Long enough for the slabs to have gone round: the first of them are still new memory.
        Run(node, manual, calls, rounds: 1000);
        const int Rounds = 100;
        double perCall = double.MaxValue;
        // What a call costs shows in every window; what the runtime allocates once for itself, while other tests run beside this one, in one of them at most.
        for (int window = 0; window < 3; window++)
        {
            long before = measuring.Allocated;
            Run(node, manual, calls, Rounds);
            perCall = Math.Min(perCall, (double)(measuring.Allocated - before) / (Rounds * calls.Length));
        }

        output.WriteLine($"allocated per {kind}: {perCall:0.00} bytes; since the start: {measuring.Describe()}");
        Assert.InRange(perCall, 0, 0.5);
    }

    private static void Run(ReplicatedNode node, ManualScheduler scheduler, Call[] calls, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (Call call in calls)
                call.Send(node);
            scheduler.RunUntilIdle();
            foreach (Call call in calls)
                Assert.True(call.IsOk, call.Trouble);
        }
    }

    private sealed class Call(RequestKind kind) : NodeRequest
    {
        private static readonly byte[] Add = Encode();
        private readonly PayloadSlab _slab = new(Add);

        public bool IsOk { get; private set; }

        public void Send(ReplicatedNode node)
        {
            IsOk = false;
            Kind = kind;
            Payload = new Payload(_slab, 0, Add.Length);
            node.Submit(this);
        }

        public string? Trouble { get; private set; }

        public override void Complete(in NodeReply reply)
        {
            IsOk = reply.Status == ReplyStatus.Ok;
            Trouble = reply.Message;
        }

        private static byte[] Encode()
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(bytes);
            writer.WriteArrayHeader(2);
            writer.Write(1);
            writer.Write(1);
            writer.Flush();
            return bytes.WrittenSpan.ToArray();
        }
    }
}
